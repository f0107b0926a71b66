import type * as Sdk from '@aws-sdk/client-firehose';
import { checkPrefixes } from './prefix';
import { invalidArgument } from './store';

const SUPPORTED = new Set([
  'RoleARN',
  'BucketARN',
  'Prefix',
  'ErrorOutputPrefix',
  'BufferingHints',
  'CompressionFormat',
  'EncryptionConfiguration',
  'CloudWatchLoggingOptions',
  'S3BackupMode',
  'DataFormatConversionConfiguration',
  'FileExtension',
  'CustomTimeZone',
]);
const CONVERSION_MIB = 64;

/** What is given of a configuration, without members that are undefined. */
function given(value: object | undefined): [string, unknown][] {
  return Object.entries(value ?? {}).filter(([, member]) => member !== undefined);
}

function within(value: number | undefined, low: number, high: number, name: string): void {
  if (value !== undefined && !(value >= low && value <= high))
    throw invalidArgument(`${name} must be between ${low} and ${high}; given ${value}`);
}

/** Checks an S3 destination: what the local AWS does not do is refused. */
export function checkDestination(config: Sdk.ExtendedS3DestinationConfiguration): void {
  const unsupported = given(config).find(([name]) => !SUPPORTED.has(name));
  if (unsupported !== undefined) throw invalidArgument(`The local AWS does not support ${unsupported[0]} of a delivery stream`);
  if (!/^arn:[^:]+:s3:::.+/.test(config.BucketARN ?? '')) throw invalidArgument(`BucketARN ${config.BucketARN} is invalid`);
  if (!/^arn:[^:]+:iam::\d{12}:role\/.+/.test(config.RoleARN ?? ''))
    throw invalidArgument(`RoleARN ${config.RoleARN} is invalid`);
  if ((config.S3BackupMode ?? 'Disabled') !== 'Disabled')
    throw invalidArgument('The local AWS does not back up source records to S3');
  if ((config.CustomTimeZone ?? 'UTC') !== 'UTC')
    throw invalidArgument(`The local AWS knows CustomTimeZone UTC; given ${config.CustomTimeZone}`);
  checkPrefixes(config.Prefix, config.ErrorOutputPrefix);
  const { SizeInMBs, IntervalInSeconds } = config.BufferingHints ?? {};
  const converts = isConverting(config);
  within(IntervalInSeconds, 0, 900, 'IntervalInSeconds');
  within(SizeInMBs, converts ? CONVERSION_MIB : 1, 128, 'SizeInMBs');
  const compression = config.CompressionFormat ?? 'UNCOMPRESSED';
  if (converts && compression !== 'UNCOMPRESSED')
    throw invalidArgument('CompressionFormat must be UNCOMPRESSED when data format conversion is enabled.');
  if (compression !== 'UNCOMPRESSED' && compression !== 'GZIP')
    throw invalidArgument(`The local AWS compresses with GZIP or not at all; given ${compression}`);
  if (converts) checkConversion(config.DataFormatConversionConfiguration);
}

function checkConversion(conversion: Sdk.DataFormatConversionConfiguration | undefined): void {
  const { SchemaConfiguration: schema, InputFormatConfiguration: input, OutputFormatConfiguration: output } = conversion ?? {};
  for (const name of ['RoleARN', 'DatabaseName', 'TableName'] as const)
    if (schema?.[name] === undefined) throw invalidArgument(`SchemaConfiguration.${name} is required to convert the data format`);
  if (input?.Deserializer?.OpenXJsonSerDe === undefined) throw invalidArgument('The local AWS reads records by OpenXJsonSerDe');
  const parquet = output?.Serializer?.ParquetSerDe;
  if (parquet === undefined) throw invalidArgument('The local AWS writes records by ParquetSerDe');
  if (!['SNAPPY', 'UNCOMPRESSED'].includes(parquet.Compression ?? 'SNAPPY'))
    throw invalidArgument(`The local AWS writes Parquet with SNAPPY or UNCOMPRESSED; given ${parquet.Compression}`);
}

export function isConverting(config: Sdk.ExtendedS3DestinationConfiguration): boolean {
  const conversion = config.DataFormatConversionConfiguration;
  return conversion !== undefined && conversion.Enabled !== false;
}

/** When a buffer is written: at its size or its age, whichever comes first. */
export function bufferLimits(config: Sdk.ExtendedS3DestinationConfiguration): { readonly bytes: number; readonly ms: number } {
  const { SizeInMBs, IntervalInSeconds } = config.BufferingHints ?? {};
  return { bytes: (SizeInMBs ?? (isConverting(config) ? 128 : 5)) * 1024 * 1024, ms: (IntervalInSeconds ?? 300) * 1000 };
}

export function describeDestination(config: Sdk.ExtendedS3DestinationConfiguration): Sdk.ExtendedS3DestinationDescription {
  const { bytes, ms } = bufferLimits(config);
  return {
    ...config,
    BufferingHints: { SizeInMBs: bytes / 1024 / 1024, IntervalInSeconds: ms / 1000 },
    CompressionFormat: config.CompressionFormat ?? 'UNCOMPRESSED',
    EncryptionConfiguration: config.EncryptionConfiguration ?? { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: config.CloudWatchLoggingOptions ?? { Enabled: false },
    S3BackupMode: 'Disabled',
  };
}
