import type * as Sdk from '@aws-sdk/client-cloudwatch-logs';
import { AwsError } from '../../errors';
import { listPage } from './paging';

/** A log stream; the instants are those of its events' own timestamps, epoch ms of the clock. */
export interface StreamRecord {
  readonly name: string;
  readonly created: number;
  readonly firstEvent?: number;
  readonly lastEvent?: number;
  readonly lastIngestion?: number;
}

/** The record of a stream after a batch of events (not empty, in order of time). */
export function withEvents(stream: StreamRecord, timestamps: readonly number[], now: number): StreamRecord {
  const first = timestamps[0] ?? now;
  const last = timestamps.at(-1) ?? now;
  return {
    ...stream,
    firstEvent: Math.min(first, stream.firstEvent ?? first),
    lastEvent: Math.max(last, stream.lastEvent ?? last),
    lastIngestion: now,
  };
}

function describe(stream: StreamRecord, groupArn: string): Sdk.LogStream {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    arn: `${groupArn}:log-stream:${stream.name}`,
    // As in an account since June 2019 (API reference, LogStream).
    storedBytes: 0,
    ...(stream.firstEvent === undefined ? {} : { firstEventTimestamp: stream.firstEvent }),
    ...(stream.lastEvent === undefined ? {} : { lastEventTimestamp: stream.lastEvent }),
    ...(stream.lastIngestion === undefined ? {} : { lastIngestionTime: stream.lastIngestion }),
  };
}

/** A page of streams, by name or by their last events. `all` is ordered by name. */
export function describeStreams(
  all: readonly StreamRecord[],
  groupArn: string,
  input: Sdk.DescribeLogStreamsCommandInput,
): { logStreams: Sdk.LogStream[]; nextToken?: string } {
  const byTime = input.orderBy === 'LastEventTime';
  if (byTime && input.logStreamNamePrefix !== undefined)
    throw new AwsError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.');
  const found = all.filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
  const ordered = byTime ? found.toSorted((one, other) => (one.lastEvent ?? 0) - (other.lastEvent ?? 0)) : found;
  if (input.descending === true) ordered.reverse();
  const { items, ...token } = listPage(ordered, input);
  return { logStreams: items.map((stream) => describe(stream, groupArn)), ...token };
}
