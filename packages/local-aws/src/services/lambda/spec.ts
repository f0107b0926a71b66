import type { FunctionSpec } from '../../compute/function-spec';
import type { CodeStore } from './code';
import type { LambdaStore, VersionRecord } from './store';

/** Identity of the environments of a version: they are replaced with each change. */
export function specKey(record: VersionRecord): string {
  return `${record.name}:${record.version}:${record.revision}`;
}

/** What the compute needs to run a version. */
export function specOf(store: LambdaStore, code: CodeStore, record: VersionRecord, qualifier: string | undefined): FunctionSpec {
  return {
    key: specKey(record),
    name: record.name,
    arn: store.arn(record.name, qualifier),
    version: record.version,
    runtime: record.runtime,
    handler: record.handler,
    folder: code.folder(record.name, record.code),
    timeoutSeconds: record.timeout,
    memoryMb: record.memory,
    environment: record.environment,
    roleArn: record.role,
    logGroup: record.logGroup ?? `/aws/lambda/${record.name}`,
    logFormat: record.logFormat,
  };
}
