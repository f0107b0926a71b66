import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';

const STRING_TRANSPORT = 1;
const BINARY_TRANSPORT = 2;

function framed(data: string | Uint8Array): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** MD5 of message attributes as SQS defines it (names in order; each name, type and value with its length); clients check it. */
export function attributesDigest(attributes: Readonly<Record<string, MessageAttributeValue>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] ?? {};
    const binary = DataType.startsWith('Binary');
    hash.update(framed(name)).update(framed(DataType));
    hash.update(Buffer.from([binary ? BINARY_TRANSPORT : STRING_TRANSPORT]));
    hash.update(framed(binary ? (BinaryValue ?? new Uint8Array()) : (StringValue ?? '')));
  }
  return hash.digest('hex');
}
