import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { AwsError } from '../errors';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;
const SYMLINK = 0o120000;
const KIND = 0o170000;

export interface ZipEntry {
  readonly name: string;
  /** Unix mode, 0 where the archive has none. */
  readonly mode: number;
  read(): Buffer;
}

function broken(): AwsError {
  return new AwsError(
    'InvalidParameterValueException',
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
    { status: 400 },
  );
}

function findEnd(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at -= 1)
    if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  throw broken();
}

function readEntry(zip: Buffer, at: number): ZipEntry {
  const method = zip.readUInt16LE(at + 10);
  const checksum = zip.readUInt32LE(at + 16);
  const size = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  return {
    name: zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)),
    mode: zip.readUInt32LE(at + 38) >>> 16,
    read: () => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const packed = zip.subarray(start, start + size);
      if (method !== STORED && method !== DEFLATED) throw broken();
      const data = method === STORED ? packed : inflateRawSync(packed);
      if (typeof crc32 === 'function' && crc32(data) !== checksum) throw broken();
      return data;
    },
  };
}

/** Entries of a zip archive (no zip64, no encryption). Throws Lambda's error for a file that is not one. */
export function zipEntries(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== DIRECTORY_ENTRY) throw broken();
    entries.push(readEntry(zip, at));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** Unpacks an archive under `folder`; a name that leads out of it is refused. */
export function unzip(zip: Buffer, folder: string): void {
  for (const entry of zipEntries(zip)) {
    const target = normalize(join(folder, entry.name));
    if (target !== folder && !target.startsWith(folder + sep)) throw broken();
    if (entry.name.endsWith('/')) {
      mkdirSync(target, { recursive: true });
      continue;
    }
    mkdirSync(dirname(target), { recursive: true });
    if ((entry.mode & KIND) === SYMLINK) symlinkSync(entry.read().toString('utf8'), target);
    else {
      writeFileSync(target, entry.read());
      if ((entry.mode & 0o111) !== 0) chmodSync(target, 0o755);
    }
  }
}
