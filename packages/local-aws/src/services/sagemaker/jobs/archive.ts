import { mkdir } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create, extract } from 'tar';
import { filesUnder } from '../s3-files';

/** A gzipped tar of the plain files of a folder; the same files give the same bytes (sorted names, no times, no owners). */
export async function pack(folder: string): Promise<Buffer> {
  const files = await filesUnder(folder);
  const stream = create({ cwd: folder, gzip: true, portable: true, mtime: new Date(0), noDirRecurse: true }, files);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Unpacks plain files and folders; names that lead out of the folder are not written. */
export async function unpack(archive: Buffer, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const plain = (_path: string, entry: object): boolean =>
    'type' in entry && (entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'Directory');
  await pipeline(Readable.from([archive]), extract({ cwd: folder, strict: true, filter: plain }));
}
