import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { names } from '../../../core/naming';
import { monitorAlarm, stageAlarms } from '../../../lib/monitoring/alarm-table';
import { METRICS_PER_ALARM } from '../../../lib/shared/alarm-row';
import { clonesOf } from '../../support/clones';
import { examplePlatform, exampleTemplates } from '../../support/example-templates';

const ROOT = join(__dirname, '..', '..', '..');
const templates = exampleTemplates();
const STAGES = examplePlatform.stages.map(({ name }) => name);

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly Dimensions?: readonly { readonly Value: unknown }[];
  readonly MetricName?: string;
  readonly Metrics?: readonly {
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly { readonly Value: unknown }[] };
    };
  }[];
}

function alarmsOf(stage: string): AlarmProperties[] {
  return templates
    .all(stage)
    .flatMap(([, { Type, Properties }]) => (Type === 'AWS::CloudWatch::Alarm' ? [Properties as unknown as AlarmProperties] : []));
}

/** `<metric> of <name>` for everything that the alarms of a stage look at. */
function watched(stage: string): Set<string> {
  const what = (metric: string, dimensions: readonly { readonly Value: unknown }[] = []): string[] =>
    dimensions.map(({ Value }) => `${metric} of ${String(Value)}`);
  return new Set(
    alarmsOf(stage).flatMap(({ MetricName, Dimensions, Metrics = [] }) => [
      ...(MetricName === undefined ? [] : what(MetricName, Dimensions)),
      ...Metrics.flatMap(({ MetricStat }) =>
        MetricStat === undefined ? [] : what(MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions),
      ),
    ]),
  );
}

/** Physical names of a stage's resources of a type. */
function named(stage: string, type: string, property: string): string[] {
  return templates
    .all(stage)
    .flatMap(([, { Type, Properties }]) =>
      Type === type && typeof Properties?.[property] === 'string' ? [String(Properties[property])] : [],
    );
}

describe.each(STAGES)('in %s', (stage) => {
  test('every alarm calls somebody', () => {
    const silent = alarmsOf(stage).filter(({ AlarmActions = [] }) => !JSON.stringify(AlarmActions).includes('OnCall'));

    expect(alarmsOf(stage).length).toBeGreaterThan(20);
    expect(silent.map(({ AlarmName }) => AlarmName)).toEqual([]);
  });

  test('every alarm has a name of the stage, and no two the same', () => {
    const all = alarmsOf(stage).map(({ AlarmName }) => AlarmName);

    expect(all.filter((name) => !name?.startsWith(names(stage).of('')))).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
  });

  test.each([
    ['AWS::Lambda::Function', 'FunctionName', ['Errors', 'Throttles']],
    ['AWS::SQS::Queue', 'QueueName', ['ApproximateNumberOfMessagesVisible']],
    ['AWS::DynamoDB::Table', 'TableName', ['ReadThrottleEvents', 'WriteThrottleEvents']],
    ['AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamName', ['DeliveryToS3.DataFreshness', 'FailedConversion.Records']],
    ['AWS::ApiGateway::RestApi', 'Name', ['5XXError', 'Latency']],
    ['AWS::SageMaker::Endpoint', 'EndpointName', ['Invocation5XXErrors', 'ModelLatency']],
  ] as const)('every %s is watched', (type, property, metrics) => {
    const all = named(stage, type, property);
    const seen = watched(stage);

    expect(all.length).toBeGreaterThan(0);
    expect(all.flatMap((name) => metrics.map((metric) => `${metric} of ${name}`)).filter((it) => !seen.has(it))).toEqual([]);
  });

  test('what reads streams is watched for the age of what it reads', () => {
    const resources = new Map(templates.all(stage));
    const readers = new Set(
      [...resources.values()].flatMap(({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventSourceMapping' ? [(Properties.FunctionName as { Ref: string }).Ref] : [],
      ),
    );
    const functions = [...readers].map((id) => String(resources.get(id)?.Properties.FunctionName)).toSorted();
    const aged = [...watched(stage)].filter((it) => it.startsWith('IteratorAge of ')).map((it) => it.slice(15));

    expect(aged.toSorted()).toEqual(functions);
    expect(functions.length).toBeGreaterThan(0);
  });
});

describe('runbooks', () => {
  const told = STAGES.flatMap((stage) =>
    alarmsOf(stage).map(({ AlarmName, AlarmDescription }) => ({
      AlarmName,
      path: /Runbook: (docs\/runbooks\/[a-z-]+\.md)$/.exec(AlarmDescription)?.[1] ?? 'none',
    })),
  );

  test('every alarm ends by naming one that is there', () => {
    expect(told.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test('every one is named by an alarm', () => {
    const all = readdirSync(join(ROOT, 'docs/runbooks')).map((name) => `docs/runbooks/${name}`);

    expect([...new Set(told.map(({ path }) => path))].toSorted()).toEqual(all.toSorted());
  });
});

const rows = (platform = examplePlatform) => [...stageAlarms(platform, names('prod')), monitorAlarm(names('prod'))];

test('no model can be named so that its alarms are those of the stage', () => {
  const { errorAlarm, latencyAlarm } = names('prod');
  const endings = [errorAlarm('x'), latencyAlarm('x')].map((name) => name.replace(names('prod').of('x'), ''));

  expect(endings).toEqual(['-errors', '-latency']);
  expect(rows().filter(({ alarmName }) => [...endings, '-drift', '-floor'].some((end) => alarmName.endsWith(end)))).toEqual([]);
});

test('sources cost an alarm in tens, of no more metrics than CloudWatch takes', () => {
  const many = clonesOf(examplePlatform, 20);
  const deliveries = (platform: typeof examplePlatform) =>
    rows(platform).filter(({ runbook }) => runbook === 'lake-freshness' || runbook === 'lake-conversion');

  expect(deliveries(many)).toHaveLength(2 * Math.ceil((many.sources.length + 1) / METRICS_PER_ALARM));
  expect(rows(many)).toHaveLength(rows().length + deliveries(many).length - deliveries(examplePlatform).length);
  expect(rows(many).filter(({ meaning }) => meaning.length > 900)).toEqual([]);
});

test('only of the monitor is no data bad news', () => {
  expect(rows().flatMap(({ id, silence }) => (silence === 'bad' ? [id] : []))).toEqual(['MonitorSilence']);
});
