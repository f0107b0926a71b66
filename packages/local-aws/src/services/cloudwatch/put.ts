import type * as Sdk from '@aws-sdk/client-cloudwatch';
import type { Call, Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { Chunk, Dimension, MetricStore } from './metric-store';

const LIMIT = 2 ** 360;
const DAY_MS = 86_400_000;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * 3_600_000;
const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_DIMENSIONS = 30;

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

function checkNumber(value: number | undefined, where: string): number {
  if (value === undefined || !Number.isFinite(value) || Math.abs(value) > LIMIT)
    throw invalid(`The value ${value} for parameter ${where} is invalid.`);
  return value;
}

function readChunk(datum: Sdk.MetricDatum, where: string): Chunk {
  const unit = datum.Unit ?? 'None';
  const { StatisticValues: set, Values, Counts, Value } = datum;
  const forms = [Value, Values, set].filter((form) => form !== undefined);
  if (forms.length !== 1)
    throw new AwsError(
      'InvalidParameterCombinationException',
      `Exactly one of Value, Values and StatisticValues must be given for ${where}.`,
    );
  if (set !== undefined) {
    const count = checkNumber(set.SampleCount, `${where}.StatisticValues.SampleCount`);
    const sum = checkNumber(set.Sum, `${where}.StatisticValues.Sum`);
    const min = checkNumber(set.Minimum, `${where}.StatisticValues.Minimum`);
    const max = checkNumber(set.Maximum, `${where}.StatisticValues.Maximum`);
    return { unit, set: { count, sum, min, max } };
  }
  if (Values === undefined) return { unit, values: [checkNumber(Value, `${where}.Value`)] };
  if (Values.length > MAX_VALUES)
    throw invalid(`The collection ${where}.Values must not have a size greater than ${MAX_VALUES}.`);
  if (Counts !== undefined && Counts.length !== Values.length)
    throw invalid(`The parameters ${where}.Values and ${where}.Counts must be of the same size.`);
  const values = Values.map((value, index) => checkNumber(value, `${where}.Values.member.${index + 1}`));
  return Counts === undefined ? { unit, values } : { unit, values, counts: Counts };
}

function readDimensions(given: readonly Sdk.Dimension[] | undefined, where: string): Dimension[] {
  const dimensions = (given ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }));
  if (dimensions.length > MAX_DIMENSIONS)
    throw invalid(`The collection ${where}.Dimensions must not have a size greater than ${MAX_DIMENSIONS}.`);
  for (const { Name, Value } of dimensions) {
    if (Name.length < 1 || Name.length > 255 || Value.length < 1 || Value.length > 1024)
      throw invalid(
        `A dimension of ${where} must have a name of 1 to 255 and a value of 1 to 1024 characters; given '${Name}' = '${Value}'`,
      );
  }
  return dimensions;
}

/** PutMetricData; `arrived` hears the key and the time of each metric that got data. */
export function putOperations(cloud: Cloud, store: MetricStore, arrived: (id: string, at: number) => void): Operations {
  const read = (datum: Sdk.MetricDatum, index: number, namespace: string) => {
    const where = `MetricData.member.${index + 1}`;
    const name = datum.MetricName ?? '';
    if (name.length < 1 || name.length > 255) throw invalid(`The parameter ${where}.MetricName must have 1 to 255 characters.`);
    const now = cloud.clock.now();
    const at = datum.Timestamp === undefined ? now : new Date(datum.Timestamp).getTime();
    if (at < now - OLDEST_MS)
      throw invalid(`The parameter ${where}.Timestamp must specify a time no more than two weeks in the past.`);
    if (at > now + NEWEST_MS)
      throw invalid(`The parameter ${where}.Timestamp must specify a time no more than two hours in the future.`);
    const identity = { namespace, name, dimensions: readDimensions(datum.Dimensions, where) };
    return { identity, at, highResolution: datum.StorageResolution === 1, chunk: readChunk(datum, where) };
  };
  return {
    PutMetricData: async (input: Sdk.PutMetricDataCommandInput, call: Call) => {
      const namespace = input.Namespace ?? '';
      if (namespace.length < 1 || namespace.length > 255) throw invalid('The parameter Namespace must have 1 to 255 characters.');
      if (namespace.startsWith('AWS/') && call.caller.kind !== 'service')
        throw invalid(`The value ${namespace} for parameter Namespace is invalid. It must not start with AWS/.`);
      if (input.EntityMetricData !== undefined) throw invalid('The local AWS does not support EntityMetricData.');
      const data = input.MetricData ?? [];
      if (data.length > MAX_DATA) throw invalid(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
      const entries = data.map((datum, index) => read(datum, index, namespace));
      const ids = await cloud.storage.transaction(() =>
        entries.map(({ identity, at, highResolution, chunk }) => store.add(identity, at, highResolution, chunk)),
      );
      ids.forEach((id, index) => void arrived(id, entries[index]?.at ?? 0));
      return {};
    },
  };
}
