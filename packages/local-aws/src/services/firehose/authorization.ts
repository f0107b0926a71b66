import {
  ANY,
  actionsOn,
  arnOf,
  type Input,
  passRole,
  type Right,
  type Rights,
  type RightsOf,
  type Scope,
} from '../../iam/rights';

const stream = (name: string | undefined, scope: Scope): string => arnOf('firehose', scope, `deliverystream/${name ?? ''}`);

/** Roles that a configuration hands to Firehose, wherever in it they stand. */
function roles(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'RoleARN' && typeof inner === 'string' ? [inner] : roles(inner),
  );
}

const configured =
  (action: string): RightsOf =>
  (input: Input, scope) => [
    { action: `firehose:${action}`, resource: stream(input.DeliveryStreamName, scope) },
    ...[...new Set(roles(input))].flatMap((role): readonly Right[] => passRole(role, 'firehose')),
  ];

/** Rights of Firehose's operations. Source: Service Authorization Reference, "Amazon Data Firehose". */
export const firehoseRights: Rights = {
  ...actionsOn('firehose', [
    [
      'DescribeDeliveryStream DeleteDeliveryStream ListTagsForDeliveryStream TagDeliveryStream PutRecord PutRecordBatch',
      ({ DeliveryStreamName }: Input, scope) => stream(DeliveryStreamName, scope),
    ],
    ['ListDeliveryStreams', ANY],
  ]),
  CreateDeliveryStream: configured('CreateDeliveryStream'),
  UpdateDestination: configured('UpdateDestination'),
};
