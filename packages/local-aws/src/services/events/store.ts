import type { Target } from '@aws-sdk/client-eventbridge';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface RuleRecord {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly enabled: boolean;
  readonly role?: string;
  readonly created: number;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  readonly targets: readonly Target[];
}

/** An event as rules see it and targets get it. */
export interface EventRecord {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export const BUS = 'default';

/** Rules of the default event bus, with their targets. */
export class RuleStore {
  private readonly rules: Table<RuleRecord>;

  constructor(private readonly cloud: Cloud) {
    this.rules = cloud.storage.table('events/rules');
  }

  arn(name: string): string {
    return `arn:aws:events:${this.cloud.region}:${this.cloud.account}:rule/${name}`;
  }

  checkBus(name: string | undefined): void {
    const bus = name === undefined ? BUS : name.slice(name.lastIndexOf('/') + 1);
    if (bus !== BUS)
      throw new AwsError(
        'ResourceNotFoundException',
        `Event bus ${bus} does not exist. (The local AWS has the default bus only.)`,
      );
  }

  find(name: string | undefined, bus?: string): RuleRecord {
    this.checkBus(bus);
    const record = this.rules.get(name ?? '');
    if (record === undefined) throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${BUS}.`);
    return record;
  }

  get(name: string): RuleRecord | undefined {
    return this.rules.get(name);
  }

  all(prefix = ''): RuleRecord[] {
    return [...this.rules.entries({ start: prefix, end: `${prefix}\uffff` })].map(({ value }) => value);
  }

  put(record: RuleRecord): Promise<void> {
    return this.rules.put(record.name, record);
  }

  remove(name: string): Promise<void> {
    return this.rules.remove(name);
  }
}
