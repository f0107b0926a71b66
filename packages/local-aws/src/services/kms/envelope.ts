import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AwsError } from '../../errors';

const VERSION = 1;
const ID_BYTES = 36;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export type EncryptionContext = Readonly<Record<string, string>>;

/** Context bytes that are authenticated with the ciphertext: pairs sorted by name, so that order does not matter. */
function associatedData(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Buffer.from(JSON.stringify(pairs));
}

/** Seals `plaintext` under a key's material (AES-256-GCM); the blob carries the key id, as KMS's does. */
export function seal(keyId: string, material: Buffer, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', material, iv);
  cipher.setAAD(associatedData(context));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION]), Buffer.from(keyId, 'latin1'), iv, cipher.getAuthTag(), sealed]);
}

/** Id of the key that sealed `blob`. Throws `InvalidCiphertextException` if it is no blob of ours. */
export function sealingKey(blob: Uint8Array): string {
  const id = Buffer.from(blob.subarray(1, 1 + ID_BYTES)).toString('latin1');
  if (blob[0] !== VERSION || blob.length < 1 + ID_BYTES + IV_BYTES + TAG_BYTES || !/^[0-9a-f-]+$/.test(id))
    throw new AwsError('InvalidCiphertextException', '');
  return id;
}

/** Opens a blob; a flipped byte or another context gives `InvalidCiphertextException`. */
export function unseal(material: Buffer, blob: Uint8Array, context: EncryptionContext): Buffer {
  const data = Buffer.from(blob).subarray(1 + ID_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', material, data.subarray(0, IV_BYTES));
  decipher.setAAD(associatedData(context));
  decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(data.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    throw new AwsError('InvalidCiphertextException', '');
  }
}
