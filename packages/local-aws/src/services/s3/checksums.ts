import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { AwsError } from '../../errors';

/** Checksums of an object's bytes by member name (`ChecksumCRC32`), base64. */
export type Checksums = Readonly<Record<string, string>>;

type Calculate = (data: Uint8Array) => Promise<Uint8Array> | Uint8Array;

interface Running {
  update(data: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

function run(checksum: Running, data: Uint8Array): Promise<Uint8Array> {
  checksum.update(data);
  return checksum.digest();
}

const ALGORITHMS: Readonly<Record<string, Calculate>> = {
  CRC32: (data) => run(new Crc32(), data),
  CRC32C: (data) => run(new Crc32c(), data),
  CRC64NVME: (data) => run(new Crc64Nvme(), data),
  SHA1: (data) => createHash('sha1').update(data).digest(),
  SHA256: (data) => createHash('sha256').update(data).digest(),
};

/** The checksums that a request gives of its body. Throws `BadDigest` if one is wrong, and for an algorithm that is not known here. */
export async function checkedChecksums(request: object, data: Uint8Array): Promise<Checksums> {
  const checked: Record<string, string> = {};
  for (const [member, given] of Object.entries(request)) {
    const algorithm = /^Checksum(?!Algorithm|Mode|Type)(\w+)$/.exec(member)?.[1];
    if (algorithm === undefined || typeof given !== 'string') continue;
    const calculate = ALGORITHMS[algorithm];
    if (calculate === undefined)
      throw new AwsError('NotImplemented', `The local AWS does not know the checksum ${algorithm}.`, { status: 501 });
    if (Buffer.from(await calculate(data)).toString('base64') !== given)
      throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    checked[member] = given;
  }
  return checked;
}
