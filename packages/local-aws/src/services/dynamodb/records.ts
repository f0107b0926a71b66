export type KeyType = 'S' | 'N' | 'B';

export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

export interface KeyShape {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

export interface IndexRecord extends KeyShape {
  readonly name: string;
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly included: readonly string[];
}

export interface TableRecord extends KeyShape {
  readonly name: string;
  /** Distinguishes the table from an earlier one of the same name. */
  readonly id: string;
  readonly created: number;
  readonly indexes: readonly IndexRecord[];
  readonly provisioned?: { readonly read: number; readonly write: number };
  readonly deletionProtection: boolean;
  readonly keyArn?: string;
  readonly ttlAttribute?: string;
  readonly pointInTimeRecovery: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Storage key of an item: partition and sort part. */
export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}
