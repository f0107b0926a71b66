import { parquetReadObjects } from 'hyparquet';
import type { AwsError } from '../../../../src/errors';
import { sagemaker } from '../../../../src/services/sagemaker';
import { sagemakerFeatureStoreRuntime } from '../../../../src/services/sagemaker-featurestore-runtime';
import { FakeCloud } from '../../../support/fake-cloud';

const START = Date.parse('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const GROUP = 'origin-congestion';
const ROLE = 'arn:aws:iam::000000000000:role/offline';

interface Value {
  readonly FeatureName: string;
  readonly ValueAsString: string;
}

const record = (entity: string, time: string, mean?: number | string): Value[] => [
  { FeatureName: 'entity', ValueAsString: entity },
  { FeatureName: 'event_time', ValueAsString: time },
  ...(mean === undefined ? [] : [{ FeatureName: 'mean_delay', ValueAsString: String(mean) }]),
];

describe('feature store', () => {
  let cloud: FakeCloud;
  let objects: Map<string, Uint8Array>;
  let tables: Record<string, unknown>[];

  const control = <T = Record<string, unknown>>(operation: string, input: object = {}) =>
    cloud.call<T>('sagemaker', operation, { FeatureGroupName: GROUP, ...input });
  const data = <T = Record<string, unknown>>(operation: string, input: object = {}) =>
    cloud.call<T>('sagemaker-featurestore-runtime', operation, { FeatureGroupName: GROUP, ...input });
  const put = (...values: Parameters<typeof record>) => data('PutRecord', { Record: record(...values) });
  const get = (entity: string) =>
    data<{ Record?: Value[]; ExpiresAt?: string }>('GetRecord', { RecordIdentifierValueAsString: entity });
  const mean = async (entity: string) =>
    (await get(entity)).Record?.find(({ FeatureName }) => FeatureName === 'mean_delay')?.ValueAsString;
  const rows = async () => {
    const found = await Promise.all(
      [...objects.values()].map((bytes) => parquetReadObjects({ file: new Uint8Array(bytes).buffer as ArrayBuffer })),
    );
    return found.flat();
  };

  const open = (stateDir?: string, startAt = START) =>
    FakeCloud.start({
      ...(stateDir === undefined ? {} : { stateDir }),
      startAt,
      paused: true,
      services: [sagemaker, sagemakerFeatureStoreRuntime],
      stubs: {
        events: { PutEvents: () => ({}) },
        s3: { PutObject: ({ Bucket, Key, Body }) => void objects.set(`${Bucket}/${Key}`, Body) },
        glue: {
          CreateTable: (input) => void tables.push(input),
          GetTable: () => ({ Table: (tables[0] as { TableInput: object }).TableInput }),
          UpdateTable: (input) => void tables.push(input),
        },
      },
    });

  const create = async (more: object = {}): Promise<void> => {
    await control('CreateFeatureGroup', {
      RecordIdentifierFeatureName: 'entity',
      EventTimeFeatureName: 'event_time',
      FeatureDefinitions: [
        { FeatureName: 'entity', FeatureType: 'String' },
        { FeatureName: 'event_time', FeatureType: 'String' },
        { FeatureName: 'mean_delay', FeatureType: 'Fractional' },
        { FeatureName: 'departures', FeatureType: 'Integral' },
      ],
      OnlineStoreConfig: { EnableOnlineStore: true, TtlDuration: { Unit: 'Hours', Value: 12 } },
      OfflineStoreConfig: {
        S3StorageConfig: { S3Uri: 's3://offline/origin', KmsKeyId: 'key' },
        DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: 'features', TableName: 'features_origin' },
        TableFormat: 'Iceberg',
      },
      RoleArn: ROLE,
      ...more,
    });
    await cloud.activity.idle();
  };

  beforeEach(async () => {
    objects = new Map();
    tables = [];
    cloud = await open();
    await create();
  });

  afterEach(() => cloud.stop());

  it('makes a Glue table over the offline store in the role of the group', async () => {
    expect(await control('DescribeFeatureGroup')).toMatchObject({
      FeatureGroupStatus: 'Created',
      OfflineStoreStatus: { Status: 'Active' },
    });
    expect(tables).toMatchObject([
      {
        DatabaseName: 'features',
        TableInput: {
          Name: 'features_origin',
          Parameters: { table_type: 'ICEBERG' },
          StorageDescriptor: {
            Location: `s3://offline/origin/000000000000/sagemaker/eu-west-1/offline-store/${GROUP}-${START / 1000}`,
          },
        },
      },
    ]);
    expect(cloud.calls.find(({ service }) => service === 'glue')?.caller.roleArn).toBe(ROLE);
  });

  it('keeps the newest record online: older ones change nothing, equal ones overwrite', async () => {
    await put('OSL', '2026-06-01T11:00:00.000Z', 5);
    await put('OSL', '2026-06-01T10:00:00.000Z', 1);
    expect(await mean('OSL')).toBe('5');

    await put('OSL', '2026-06-01T11:00:00Z', 6);
    expect(await mean('OSL')).toBe('6');
    expect(await get('BGO')).toEqual({});
  });

  it('drops a record when its event time and time to live are over', async () => {
    await put('OSL', '2026-06-01T11:00:00Z', 5);
    const found = await data('GetRecord', { RecordIdentifierValueAsString: 'OSL', ExpirationTimeResponse: 'Enabled' });
    expect(found).toMatchObject({ ExpiresAt: '2026-06-01T23:00:00Z' });

    await cloud.clock.advance(11 * 60 * MINUTE);

    expect(await get('OSL')).toEqual({});
  });

  it('reads 100 and writes 25 records at a time, each with its own error', async () => {
    const Entries = [
      ...Array.from({ length: 24 }, (_, index) => ({
        FeatureGroupName: GROUP,
        Record: record(`E${index}`, '2026-06-01T11:00:00Z', index),
      })),
      { FeatureGroupName: GROUP, Record: record('bad', '2026-06-01T11:00:00Z', 'much') },
    ];
    const written = await data<{ Errors: object[] }>('BatchWriteRecord', { Entries });
    expect(written.Errors).toMatchObject([
      { ErrorCode: 'ValidationError', ErrorMessage: "Validation Error: value 'much' of feature mean_delay is not Fractional" },
    ]);

    const read = await data<{ Records: { Record: Value[] }[]; Errors: object[] }>('BatchGetRecord', {
      Identifiers: [
        { FeatureGroupName: GROUP, RecordIdentifiersValueAsString: ['E3', 'none', 'E4'], FeatureNames: ['mean_delay'] },
        { FeatureGroupName: 'other', RecordIdentifiersValueAsString: ['x'] },
      ],
    });
    expect(read.Records.map(({ Record }) => Record[0]?.ValueAsString)).toEqual(['3', '4']);
    expect(read.Errors).toMatchObject([{ FeatureGroupName: 'other', ErrorCode: 'ResourceNotFound' }]);
    await expect(data('BatchWriteRecord', { Entries: [...Entries, ...Entries] })).rejects.toThrow('1 to 25 members, given 50');
  });

  it.each([
    [[{ FeatureName: 'entity', ValueAsString: 'a' }], 'lacks the event time feature event_time'],
    [record('a', 'yesterday'), "'yesterday' is not an event time"],
    [[...record('a', '2026-06-01T11:00:00Z'), { FeatureName: 'x', ValueAsString: '1' }], 'has no feature x'],
    [[...record('a', '2026-06-01T11:00:00Z'), { FeatureName: 'departures', ValueAsString: '1.5' }], 'is not Integral'],
  ])('refuses the record %j', async (Record, message) => {
    await expect(data('PutRecord', { Record })).rejects.toThrow(message);
  });

  it('deletes softly with a marker that older records do not pass, and hard', async () => {
    await put('OSL', '2026-06-01T11:00:00Z', 5);
    const remove = (EventTime: string, DeletionMode: string) =>
      data('DeleteRecord', { RecordIdentifierValueAsString: 'OSL', EventTime, DeletionMode });

    await remove('2026-06-01T10:00:00Z', 'SoftDelete');
    expect(await mean('OSL')).toBe('5');
    await expect(remove('2026-06-01T10:00:00Z', 'HardDelete')).rejects.toThrow('is not later than that of the stored record');
    await remove('2026-06-01T11:30:00Z', 'SoftDelete');
    await put('OSL', '2026-06-01T11:10:00Z', 7);
    expect(await get('OSL')).toEqual({});
    expect(await data('ListRecords', { IncludeSoftDeletedRecords: true })).toMatchObject({ RecordIdentifiers: ['OSL'] });
    await remove('2026-06-01T11:40:00Z', 'HardDelete');

    expect(await data('ListRecords', { IncludeSoftDeletedRecords: true })).toMatchObject({ RecordIdentifiers: [] });
    await cloud.clock.advance(15 * MINUTE);
    expect((await rows()).map(({ is_deleted }) => is_deleted)).toEqual([false, true, true, false, true]);
  });

  it('lists identifiers in pages', async () => {
    for (const entity of ['c', 'a', 'b']) await put(entity, '2026-06-01T11:00:00Z');

    const first = await data<{ RecordIdentifiers: string[]; NextToken: string }>('ListRecords', { MaxResults: 2 });
    const second = await data('ListRecords', { MaxResults: 2, NextToken: first.NextToken });

    expect([first.RecordIdentifiers, second]).toEqual([['a', 'b'], { RecordIdentifiers: ['c'] }]);
  });

  it('writes the history to S3 as one file per quarter of an hour, also of records put before a kill', async () => {
    await put('OSL', '2026-06-01T11:00:00Z', 5.5);
    await cloud.clock.advance(5 * MINUTE);
    const now = cloud.clock.now();
    await cloud.stop(true);
    cloud = await open(cloud.stateDir, now);
    await data('PutRecord', {
      Record: [...record('OSL', '2026-06-01T10:00:00Z'), { FeatureName: 'departures', ValueAsString: '9007199254740993' }],
    });
    expect(objects.size).toBe(0);

    await cloud.clock.advance(10 * MINUTE);

    const root = `offline/origin/000000000000/sagemaker/eu-west-1/offline-store/${GROUP}-${START / 1000}/data`;
    expect([...objects.keys()]).toEqual([
      expect.stringMatching(new RegExp(`^${root}/[0-9a-f]{8}/20260601T120000Z_[0-9a-f]{16}\\.parquet$`)),
    ]);
    expect(await rows()).toEqual([
      {
        entity: 'OSL',
        event_time: '2026-06-01T11:00:00Z',
        mean_delay: 5.5,
        departures: null,
        write_time: new Date(START),
        api_invocation_time: new Date(START),
        is_deleted: false,
      },
      expect.objectContaining({ mean_delay: null, departures: 9007199254740993n, write_time: new Date(START + 5 * MINUTE) }),
    ]);
    await cloud.clock.advance(60 * MINUTE);
    expect(objects.size).toBe(1);
  });

  it('adds features to records to come and to the Glue table', async () => {
    await put('OSL', '2026-06-01T11:00:00Z', 5);
    await control('UpdateFeatureGroup', { FeatureAdditions: [{ FeatureName: 'share_late', FeatureType: 'Fractional' }] });
    await cloud.activity.idle();

    const values = [...record('OSL', '2026-06-01T11:30:00Z'), { FeatureName: 'share_late', ValueAsString: '0.5' }];
    await data('PutRecord', { Record: values });

    expect((await get('OSL')).Record).toEqual(values);
    const columns = (tables[1] as { TableInput: { StorageDescriptor: { Columns: { Name: string }[] } } }).TableInput
      .StorageDescriptor.Columns;
    expect(columns.map(({ Name }) => Name)).toContain('share_late');
    await cloud.clock.advance(15 * MINUTE);
    expect((await rows()).map(({ share_late }) => share_late)).toEqual([null, 0.5]);
  });

  it('deletes a group with its records, but not what lies in S3', async () => {
    await put('OSL', '2026-06-01T11:00:00Z', 5);
    await control('DeleteFeatureGroup');
    await cloud.activity.idle();

    expect(objects.size).toBe(1);
    await expect(control('DescribeFeatureGroup')).rejects.toMatchObject({ code: 'ResourceNotFound' });
    await expect(put('OSL', '2026-06-01T11:00:00Z')).rejects.toMatchObject({
      code: 'ValidationError',
      message: `Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ${GROUP}`,
    });
    await create();
    expect(await get('OSL')).toEqual({});
  });

  it('refuses a group without a store and a table format that it does not write', async () => {
    const failure = (more: object) =>
      create({ FeatureGroupName: 'other', ...more }).then(
        () => undefined,
        (error: AwsError) => error.message,
      );

    expect(await failure({ OnlineStoreConfig: undefined, OfflineStoreConfig: undefined })).toContain(
      'OnlineStore and OfflineStore cannot be both disabled',
    );
    expect(await failure({ OfflineStoreConfig: { S3StorageConfig: { S3Uri: 's3://b/p' } } })).toBe(
      'The local AWS does not support OfflineStoreConfig.TableFormat other than Iceberg in CreateFeatureGroup',
    );
  });
});
