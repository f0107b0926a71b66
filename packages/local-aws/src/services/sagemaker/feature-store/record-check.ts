import { AwsError } from '../../../errors';
import { type EventTime, parseEventTime } from './event-time';
import type { Values } from './online';
import type { Feature, LiveGroup } from './records';

interface FeatureValue {
  readonly FeatureName?: string | undefined;
  readonly ValueAsString?: string | undefined;
  readonly ValueAsStringList?: readonly string[] | undefined;
}

export interface CheckedRecord {
  readonly id: string;
  readonly time: EventTime;
  readonly values: Values;
}

const MAX_BYTES = 350 * 1024;
const MAX_ID_BYTES = 2048;
const INT64 = 2n ** 63n;

export function runtimeError(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400, members: { Message: message } });
}

function fits(text: string, type: Feature['type']): boolean {
  if (type === 'String') return true;
  if (type === 'Fractional') return text.trim() !== '' && Number.isFinite(Number(text));
  if (!/^[+-]?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ''));
  return value >= -INT64 && value < INT64;
}

/** Times of a group's records. Throws a ValidationError. */
export function eventTimeOf({ eventTimeType, record }: LiveGroup, text: string): EventTime {
  const time = parseEventTime(text, eventTimeType);
  if (time !== undefined) return time;
  throw runtimeError(
    `Validation Error: '${text}' is not an event time of ${record.name}: it must be ${eventTimeType === 'String' ? "text of the form yyyy-MM-dd'T'HH:mm:ssZ with at most 9 digits of a second" : 'a number of epoch seconds'}`,
  );
}

export function checkIdentifier(id: string | undefined): string {
  if (id === undefined || id === '') throw runtimeError('Validation Error: the record identifier must not be empty');
  if (Buffer.byteLength(id) > MAX_ID_BYTES)
    throw runtimeError(`Validation Error: the record identifier exceeds ${MAX_ID_BYTES} bytes`);
  return id;
}

/** A record as it is stored. Throws a ValidationError that names what is wrong with it. */
export function checkRecord(group: LiveGroup, record: readonly FeatureValue[] | undefined): CheckedRecord {
  const { features, name } = group.record;
  const values: (string | null)[] = features.map(() => null);
  let bytes = 0;
  for (const { FeatureName = '', ValueAsString: text, ValueAsStringList } of record ?? []) {
    const position = group.positions.get(FeatureName);
    const feature = position === undefined ? undefined : features[position];
    if (position === undefined || feature === undefined)
      throw runtimeError(`Validation Error: FeatureGroup ${name} has no feature ${FeatureName}`);
    if (ValueAsStringList !== undefined) throw runtimeError(`Validation Error: feature ${FeatureName} is not a collection`);
    if (values[position] !== null) throw runtimeError(`Validation Error: feature ${FeatureName} is given twice`);
    if (text === undefined) continue;
    if (!fits(text, feature.type))
      throw runtimeError(`Validation Error: value '${text.slice(0, 100)}' of feature ${FeatureName} is not ${feature.type}`);
    bytes += Buffer.byteLength(text) + FeatureName.length;
    values[position] = text;
  }
  if (bytes > MAX_BYTES) throw runtimeError(`Validation Error: the record exceeds ${MAX_BYTES} bytes`);
  const text = values[group.eventTimeAt];
  if (text === null || text === undefined)
    throw runtimeError(`Validation Error: the record lacks the event time feature ${group.record.eventTime}`);
  const id = values[group.identifierAt];
  if (id === null || id === undefined)
    throw runtimeError(`Validation Error: the record lacks the record identifier feature ${group.record.identifier}`);
  return { id: checkIdentifier(id), time: eventTimeOf(group, text), values };
}
