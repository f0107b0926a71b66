export interface KeyRecord {
  readonly id: string;
  readonly arn: string;
  readonly created: number;
  readonly description: string;
  readonly policy: string;
  readonly enabled: boolean;
  /** Epoch ms at which a scheduled deletion takes effect. */
  readonly deletion?: number;
  readonly rotationDays?: number;
  readonly manager: 'CUSTOMER' | 'AWS';
  /** AES-256 key, base64. */
  readonly material: string;
}
