/** The object that `x-amz-copy-source` names: `bucket/key`, percent-encoded, with or without a leading slash and a version. */
export function copySource(header: string | undefined): { bucket: string; key: string; versionId: string | undefined } {
  const [path = '', versionId] = (header ?? '').replace(/^\//, '').split('?versionId=');
  const source = decodeURIComponent(path);
  const cut = source.indexOf('/');
  return { bucket: source.slice(0, cut), key: source.slice(cut + 1), versionId };
}
