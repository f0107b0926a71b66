import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type * as Sdk from '@aws-sdk/client-firehose';
import type * as Glue from '@aws-sdk/client-glue';
import type { Caller, Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { MinuteMetrics } from '../../metering/minute-metrics';
import { isConverting } from './destination';
import { type ConversionColumn, rowOf, UnfitValue } from './openx';
import { isWritable, parquetOf } from './parquet';
import { errorPrefix, formatInstant, objectPrefix } from './prefix';
import type { DeliveryStreamRecord } from './store';

export interface SourceRecord {
  readonly data: Uint8Array;
  readonly arrived: number;
  readonly sequence: string;
}

interface Failed {
  readonly record: SourceRecord;
  readonly reason: string;
}

const TURN = 2000;

/** Writes buffers of one delivery stream to S3, acting in its role. */
export class Delivery {
  private readonly caller: Caller;

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: MinuteMetrics,
    readonly stream: DeliveryStreamRecord,
  ) {
    this.caller = cloud.asRole(stream.destination.RoleARN ?? '', 'firehose', 'firehose', stream.arn);
  }

  /** Writes one buffer; resolves when all of it is in S3, converted or as failed records. */
  async write(records: readonly SourceRecord[]): Promise<void> {
    const { destination } = this.stream;
    // Records of a source come in the order of their arrival.
    const oldest = records[0]?.arrived ?? this.cloud.clock.now();
    if (isConverting(destination)) await this.convert(records, oldest);
    else await this.concatenate(records, oldest);
    const bytes = records.reduce((sum, { data }) => sum + data.length, 0);
    this.measure('DeliveryToS3.Records', 'Count', records.length);
    this.measure('DeliveryToS3.Bytes', 'Bytes', bytes);
    this.measure('DeliveryToS3.Success', 'None', 1);
    this.measure('DeliveryToS3.DataFreshness', 'Seconds', Math.max(0, Math.round((this.cloud.clock.now() - oldest) / 1000)));
  }

  /** An error that the delivery meets: to its log group, if it has one, and to the log of the local AWS. */
  async report(code: string, message: string): Promise<void> {
    const { name, arn, version, destination } = this.stream;
    this.cloud.log('firehose', `${name}: ${code}: ${message}`);
    const { Enabled, LogGroupName, LogStreamName } = destination.CloudWatchLoggingOptions ?? {};
    if (Enabled !== true || LogGroupName === undefined || LogStreamName === undefined) return;
    const line = JSON.stringify({
      deliveryStreamARN: arn,
      destination: destination.BucketARN,
      deliveryStreamVersionId: version,
      message,
      errorCode: code,
    });
    const logEvents = [{ timestamp: Math.floor(this.cloud.clock.now()), message: line }];
    const input = { logGroupName: LogGroupName, logStreamName: LogStreamName, logEvents };
    await this.cloud
      .call('logs', 'PutLogEvents', input, this.caller)
      .catch((error: unknown) => this.cloud.log('firehose', `${name}: its log takes nothing: ${String(error)}`));
  }

  private async concatenate(records: readonly SourceRecord[], oldest: number): Promise<void> {
    const { destination } = this.stream;
    const all = Buffer.concat(records.map(({ data }) => data));
    const zipped = destination.CompressionFormat === 'GZIP';
    const extension = destination.FileExtension ?? (zipped ? '.gz' : '');
    const key = `${objectPrefix(destination.Prefix, oldest)}${this.objectName(oldest)}${extension}`;
    await this.put(key, zipped ? gzipSync(all) : all);
  }

  private async convert(records: readonly SourceRecord[], oldest: number): Promise<void> {
    const { destination } = this.stream;
    const conversion = destination.DataFormatConversionConfiguration ?? {};
    const columns = await this.columns(conversion.SchemaConfiguration ?? {});
    const options = conversion.InputFormatConfiguration?.Deserializer?.OpenXJsonSerDe ?? {};
    const rows: unknown[][] = [];
    const failed: Failed[] = [];
    for (const [index, record] of records.entries()) {
      // A large buffer must not hold up everything else.
      if (index % TURN === TURN - 1) await new Promise((resolve) => setImmediate(resolve));
      try {
        rows.push(...rowsOf(record.data, columns, options));
      } catch (error) {
        if (!(error instanceof UnfitValue)) throw error;
        failed.push({ record, reason: error.message });
      }
    }
    if (failed.length > 0) await this.writeFailed(failed, conversion.SchemaConfiguration ?? {}, oldest);
    if (rows.length > 0) {
      const codec = conversion.OutputFormatConfiguration?.Serializer?.ParquetSerDe?.Compression ?? 'SNAPPY';
      const key = `${objectPrefix(destination.Prefix, oldest)}${this.objectName(oldest)}${destination.FileExtension ?? '.parquet'}`;
      await this.put(key, parquetOf(columns, rows, codec === 'SNAPPY' ? 'SNAPPY' : 'UNCOMPRESSED'));
    }
    this.measure('SucceedConversion.Records', 'Count', records.length - failed.length);
    this.measure('FailedConversion.Records', 'Count', failed.length);
  }

  private async columns(schema: Sdk.SchemaConfiguration): Promise<ConversionColumn[]> {
    const caller = this.cloud.asRole(schema.RoleARN ?? '', 'firehose', 'firehose', this.stream.arn);
    const { CatalogId, DatabaseName, TableName, VersionId } = schema;
    const latest = VersionId === undefined || VersionId === 'LATEST';
    const input = { CatalogId, DatabaseName, TableName, ...(latest ? {} : { VersionId }) };
    const { TableVersion } = await this.cloud.call<{ TableVersion: Glue.TableVersion }>('glue', 'GetTableVersion', input, caller);
    const columns = (TableVersion.Table?.StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name.toLowerCase(),
      type: Type.toLowerCase(),
    }));
    const unknown = columns.find(({ type }) => !isWritable(type));
    if (unknown !== undefined)
      throw new AwsError(
        'DataFormatConversion.InvalidSchema',
        `The local AWS does not convert to the type ${unknown.type} of column ${unknown.name}`,
      );
    return columns;
  }

  private async writeFailed(failed: readonly Failed[], schema: Sdk.SchemaConfiguration, oldest: number): Promise<void> {
    const ending = Math.floor(this.cloud.clock.now());
    const lines = failed.map(({ record, reason }) =>
      JSON.stringify({
        attemptsMade: 1,
        arrivalTimestamp: record.arrived,
        lastErrorCode: 'DataFormatConversion.MalformedData',
        lastErrorMessage: reason,
        attemptEndingTimestamp: ending,
        rawData: Buffer.from(record.data).toString('base64'),
        sequenceNumber: record.sequence,
        subSequenceNumber: null,
        dataCatalogTable: {
          catalogId: schema.CatalogId ?? null,
          databaseName: schema.DatabaseName,
          tableName: schema.TableName,
          region: schema.Region ?? this.cloud.region,
          versionId: schema.VersionId ?? 'LATEST',
          roleArn: schema.RoleARN,
        },
      }),
    );
    const prefix = errorPrefix(this.stream.destination.ErrorOutputPrefix, oldest, 'format-conversion-failed');
    await this.put(`${prefix}${this.objectName(oldest)}`, Buffer.from(`${lines.join('\n')}\n`));
    await this.report(
      'DataFormatConversion.MalformedData',
      `${failed.length} records were not converted; the first: ${failed[0]?.reason}`,
    );
  }

  private objectName(at: number): string {
    return `${this.stream.name}-${this.stream.version}-${formatInstant(at, 'yyyy-MM-dd-HH-mm-ss')}-${randomUUID()}`;
  }

  private async put(Key: string, Body: Buffer): Promise<void> {
    const { BucketARN, EncryptionConfiguration } = this.stream.destination;
    const keyArn = EncryptionConfiguration?.KMSEncryptionConfig?.AWSKMSKeyARN;
    const sse = keyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };
    const input = { Bucket: BucketARN?.split(':::')[1], Key, Body, ContentType: 'application/octet-stream', ...sse };
    await this.cloud.call('s3', 'PutObject', input, this.caller);
  }

  private measure(name: string, unit: string, value: number): void {
    this.metrics.add(name, unit, value, { DeliveryStreamName: this.stream.name }, this.stream.name);
  }
}

/** Rows of a record: one JSON object, or several on lines of their own. */
function rowsOf(data: Uint8Array, columns: readonly ConversionColumn[], options: Sdk.OpenXJsonSerDe): unknown[][] {
  const lines = Buffer.from(data)
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  try {
    return lines.map((line) => rowOf(line, columns, options));
  } catch (error) {
    // One object may also be written over several lines.
    if (error instanceof UnfitValue && lines.length > 1) return [rowOf(lines.join('\n'), columns, options)];
    throw error;
  }
}
