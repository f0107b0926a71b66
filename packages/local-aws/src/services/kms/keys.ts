import { randomBytes, randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-kms';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import { type KeyDirectory, managedService } from './directory';
import { defaultPolicy, managedKeyPolicy } from './key-policies';
import type { KeyRecord } from './records';

/** Keys as callers name them: made, found, asked whether they may be used, changed. */
export class Keys {
  private readonly making = new Map<string, Promise<void>>();

  constructor(
    private readonly cloud: Cloud,
    readonly directory: KeyDirectory,
  ) {}

  /** A customer's key. */
  create(policy: string | undefined, description: string): Promise<KeyRecord> {
    return this.make(policy ?? defaultPolicy(this.cloud.account), description, 'CUSTOMER');
  }

  /** Resolves an id, ARN, alias or alias ARN; AWS-managed aliases come into being at first use. */
  async find(reference: string | undefined): Promise<KeyRecord> {
    const { directory } = this;
    const name = directory.name(reference);
    const service = managedService(name);
    if (service !== undefined && directory.aliases.get(name) === undefined) await this.makeManaged(name, service);
    const record = directory.find(name);
    if (record === undefined) {
      const arn = directory.nominalArn(name);
      throw new AwsError(
        'NotFoundException',
        name.startsWith('alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
      );
    }
    if (record.deletion !== undefined && record.deletion <= this.cloud.clock.now())
      throw new AwsError('NotFoundException', `Key '${record.arn}' does not exist`);
    return record;
  }

  /** A key that is not on its way out. */
  async alive(reference: string | undefined): Promise<KeyRecord> {
    const record = await this.find(reference);
    if (record.deletion !== undefined) throw new AwsError('KMSInvalidStateException', `${record.arn} is pending deletion.`);
    return record;
  }

  async usable(reference: string | undefined): Promise<KeyRecord> {
    const record = await this.alive(reference);
    if (!record.enabled) throw new AwsError('DisabledException', `${record.arn} is disabled.`);
    return record;
  }

  async change(reference: string | undefined, changes: Partial<KeyRecord>): Promise<KeyRecord> {
    const record = { ...(await this.find(reference)), ...changes };
    await this.put(record);
    return record;
  }

  async put(record: KeyRecord): Promise<void> {
    await this.directory.keys.put(record.id, record);
  }

  describe(record: KeyRecord): Sdk.KeyMetadata {
    return {
      KeyId: record.id,
      Arn: record.arn,
      AWSAccountId: this.cloud.account,
      CreationDate: new Date(record.created),
      Description: record.description,
      Enabled: record.enabled && record.deletion === undefined,
      KeyState: record.deletion !== undefined ? 'PendingDeletion' : record.enabled ? 'Enabled' : 'Disabled',
      KeyManager: record.manager,
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      Origin: 'AWS_KMS',
      MultiRegion: false,
      ...(record.deletion === undefined ? {} : { DeletionDate: new Date(record.deletion) }),
    };
  }

  private async make(policy: string, description: string, manager: KeyRecord['manager']): Promise<KeyRecord> {
    const id = randomUUID();
    const record: KeyRecord = {
      id,
      arn: `arn:aws:kms:${this.cloud.region}:${this.cloud.account}:key/${id}`,
      created: this.cloud.clock.now(),
      description,
      policy,
      enabled: true,
      manager,
      material: randomBytes(32).toString('base64'),
    };
    await this.put(record);
    return record;
  }

  /** Makes the key behind an alias of AWS's own; two first uses at once make one key. */
  private makeManaged(alias: string, service: string): Promise<void> {
    const known = this.making.get(alias);
    if (known !== undefined) return known;
    const work = (async () => {
      const managed = await this.make(managedKeyPolicy(service, this.cloud), `Default key for ${service}`, 'AWS');
      await this.directory.aliases.put(alias, managed.id);
    })();
    this.making.set(alias, work);
    return work.finally(() => this.making.delete(alias));
  }
}
