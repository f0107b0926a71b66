import { type Caller, type Cloud, forwarded } from '../cloud';
import { AwsError } from '../errors';
import type { Table } from '../storage/storage';

/** A resource whose content lies under a customer's key. */
export interface Sealed {
  /** Distinguishes it from an earlier one of its name. */
  readonly id: string;
  readonly keyId: string;
  /** Encryption context, as the service passes it to KMS. */
  readonly context: Readonly<Record<string, string>>;
}

/** How Kinesis and SNS name the errors of KMS. */
export const PREFIXED_REFUSALS: Readonly<Record<string, string>> = {
  NotFoundException: 'KMSNotFoundException',
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  AccessDeniedException: 'KMSAccessDeniedException',
};

const DATA_KEY_MS = 5 * 60_000;

/**
 * The use that a service makes of its customers' keys: data keys, made and opened in the name of who calls, so that a missing right on the
 * key and a disabled key stop the call. As in AWS a data key serves for five minutes. What it would seal lies in plain text in the store
 * of this machine.
 */
export class DataKeys {
  /** Latest data key of a resource, encrypted, by resource and key. */
  private readonly keys: Table<Uint8Array>;
  private readonly usableUntil = new Map<string, number>();

  /** `refusals` gives the service's own codes for the errors of KMS; one that it lacks is passed on as it is. */
  constructor(
    private readonly cloud: Cloud,
    private readonly service: string,
    private readonly refusals: Readonly<Record<string, string>> = {},
  ) {
    this.keys = cloud.storage.table(`${service}/data-keys`);
  }

  /** The caller makes a data key (`kms:GenerateDataKey`), at most every five minutes. */
  async make(sealed: Sealed, caller: Caller): Promise<void> {
    await this.once('make', sealed, caller, async () => {
      const input = { KeyId: sealed.keyId, KeySpec: 'AES_256', EncryptionContext: sealed.context };
      const acting = forwarded(caller, this.service);
      const made = await this.cloud.call<{ CiphertextBlob: Uint8Array }>('kms', 'GenerateDataKey', input, acting);
      await this.keys.put([sealed.id, sealed.keyId], made.CiphertextBlob);
    });
  }

  /** The caller opens the data key (`kms:Decrypt`), at most every five minutes; nothing to open is no fault. */
  async open(sealed: Sealed, caller: Caller): Promise<void> {
    const CiphertextBlob = this.keys.get([sealed.id, sealed.keyId]);
    if (CiphertextBlob === undefined) return;
    await this.once('open', sealed, caller, async () => {
      const input = { CiphertextBlob, EncryptionContext: sealed.context };
      await this.cloud.call('kms', 'Decrypt', input, forwarded(caller, this.service));
    });
  }

  private async once(what: string, sealed: Sealed, caller: Caller, use: () => Promise<void>): Promise<void> {
    const now = this.cloud.clock.now();
    const id = [what, sealed.id, sealed.keyId, caller.roleArn ?? caller.arn].join(' ');
    if ((this.usableUntil.get(id) ?? 0) > now) return;
    await use().catch((error: unknown) => {
      const code = error instanceof AwsError ? this.refusals[error.code] : undefined;
      throw code === undefined || !(error instanceof AwsError) ? error : new AwsError(code, error.message);
    });
    this.usableUntil.set(id, now + DATA_KEY_MS);
  }
}
