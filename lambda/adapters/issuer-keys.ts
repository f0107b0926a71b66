import type { FetchKeys } from '../../core/tokens';

const MAX_BYTES = 150_000;
const TIMEOUT_MS = 1500;

/** Fetches a key set; rejects on anything but 200, on more than 150 kB and after 1.5 s. Redirects are not followed. */
export const fetchKeys: FetchKeys = async (uri) => {
  const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (response.status !== 200) throw new Error(`the issuer answered ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
