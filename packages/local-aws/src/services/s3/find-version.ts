import { AwsError } from '../../errors';
import { findBucket, noSuchKey } from './object-bytes';
import type { ObjectRecord, S3Store } from './store';

function deleteMarker(): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
}

/** The version of an object that is asked for, the current one if none is. Throws `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` for a delete marker. */
export function findVersion(
  store: S3Store,
  bucket: string | undefined,
  key: string | undefined,
  versionId?: string,
): ObjectRecord {
  findBucket(store, bucket);
  const current = store.objects.get([bucket ?? '', key ?? '']);
  if (versionId === undefined || current?.versionId === versionId) {
    if (versionId !== undefined && current?.deleted === true) throw deleteMarker();
    if (current === undefined || current.deleted === true) throw noSuchKey(key);
    return current;
  }
  for (const { value } of store.versions.under([bucket ?? '', key ?? ''])) {
    if (value.versionId !== versionId) continue;
    if (value.deleted === true) throw deleteMarker();
    return value;
  }
  throw new AwsError('NoSuchVersion', 'The specified version does not exist.', { status: 404 });
}
