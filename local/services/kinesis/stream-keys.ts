import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import type { StreamRecord } from './store';

const DATA_KEY_MS = 5 * 60_000;
const KMS_ERRORS: Readonly<Record<string, string>> = {
  NotFoundException: 'KMSNotFoundException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  AccessDeniedException: 'KMSAccessDeniedException',
};

/**
 * The use of a stream's key: who writes needs GenerateDataKey, who reads needs Decrypt, and a disabled key stops both.
 * As in AWS a data key serves for five minutes. Records themselves lie in plain text in the store of this machine.
 */
export class StreamKeys {
  /** Latest data key of a stream, encrypted, by incarnation and key. */
  private readonly dataKeys: Table<Uint8Array>;
  private readonly usableUntil = new Map<string, number>();

  constructor(private readonly cloud: Cloud) {
    this.dataKeys = cloud.storage.table('kinesis/data-keys');
  }

  async toWrite(stream: StreamRecord, caller: Caller): Promise<void> {
    const { keyId } = stream;
    if (keyId === undefined) return;
    await this.once('write', stream, caller, async (EncryptionContext) => {
      const input = { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext };
      const made = await this.cloud.call<{ CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', input, caller);
      await this.dataKeys.put([stream.incarnation, keyId], made.CiphertextBlob);
    });
  }

  async toRead(stream: StreamRecord, caller: Caller): Promise<void> {
    if (stream.keyId === undefined) return;
    const CiphertextBlob = this.dataKeys.get([stream.incarnation, stream.keyId]);
    if (CiphertextBlob === undefined) return;
    await this.once('read', stream, caller, async (EncryptionContext) => {
      await this.cloud.call('kms', 'Decrypt', { CiphertextBlob, EncryptionContext }, caller);
    });
  }

  private async once(
    what: string,
    stream: StreamRecord,
    caller: Caller,
    use: (context: Record<string, string>) => Promise<void>,
  ): Promise<void> {
    const now = this.cloud.clock.now();
    const id = [what, stream.incarnation, stream.keyId, caller.roleArn ?? caller.arn].join(' ');
    if ((this.usableUntil.get(id) ?? 0) > now) return;
    await use({ 'aws:kinesis:arn': stream.arn }).catch((error: unknown) => {
      const code = error instanceof AwsError ? KMS_ERRORS[error.code] : undefined;
      throw code === undefined || !(error instanceof AwsError) ? error : new AwsError(code, error.message);
    });
    this.usableUntil.set(id, now + DATA_KEY_MS);
  }
}
