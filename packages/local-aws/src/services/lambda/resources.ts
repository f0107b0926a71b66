import type { ResourceContext, ResourceOutcome, ResourceProperties, ResourceType } from '../../cloud';
import { mappingResources } from './mapping-resources';
import { sourceZip } from './source-zip';

const isMissing = (error: unknown): boolean => error instanceof Error && error.name === 'ResourceNotFoundException';

/** Deletes what may be gone already. */
async function removeQuietly(context: ResourceContext, operation: string, input: object): Promise<void> {
  await context.call('lambda', operation, input).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

function tagsOf(context: ResourceContext): Record<string, string> {
  return Object.fromEntries(context.tags.map(({ Key, Value }) => [Key, Value]));
}

function codeOf(properties: ResourceProperties): object {
  const { ZipFile, ...code } = properties.Code;
  return ZipFile === undefined ? code : { ZipFile: sourceZip('index.js', ZipFile) };
}

/** The whole configuration: what a template leaves out has AWS's default, also after it had something else. */
function configurationOf(name: string, properties: ResourceProperties): object {
  return {
    Role: properties.Role,
    Handler: properties.Handler,
    Runtime: properties.Runtime,
    Description: properties.Description ?? '',
    Timeout: Number(properties.Timeout ?? 3),
    MemorySize: Number(properties.MemorySize ?? 128),
    Environment: { Variables: properties.Environment?.Variables ?? {} },
    KMSKeyArn: properties.KmsKeyArn ?? '',
    DeadLetterConfig: { TargetArn: properties.DeadLetterConfig?.TargetArn ?? '' },
    EphemeralStorage: { Size: Number(properties.EphemeralStorage?.Size ?? 512) },
    TracingConfig: { Mode: properties.TracingConfig?.Mode ?? 'PassThrough' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`, ...properties.LoggingConfig },
    Layers: properties.Layers,
    SnapStart: properties.SnapStart,
    FileSystemConfigs: properties.FileSystemConfigs,
  };
}

async function applyConcurrency(name: string, next: ResourceProperties, before: ResourceProperties, context: ResourceContext) {
  const FunctionName = name;
  if (next.ReservedConcurrentExecutions !== undefined)
    await context.call('lambda', 'PutFunctionConcurrency', {
      FunctionName,
      ReservedConcurrentExecutions: Number(next.ReservedConcurrentExecutions),
    });
  else if (before.ReservedConcurrentExecutions !== undefined)
    await context.call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
}

function functionOutcome(name: string, context: ResourceContext): ResourceOutcome {
  return { id: name, attributes: { Arn: `arn:aws:lambda:${context.region}:${context.account}:function:${name}` } };
}

const lambdaFunction: ResourceType = {
  type: 'AWS::Lambda::Function',
  enforced: [
    'FunctionName',
    'Code',
    'Role',
    'Handler',
    'Runtime',
    'Description',
    'Timeout',
    'MemorySize',
    'Environment',
    'DeadLetterConfig',
    'LoggingConfig',
    'ReservedConcurrentExecutions',
    'Layers',
    'SnapStart',
    'FileSystemConfigs',
    'PackageType',
    'Tags',
  ],
  stored: {
    KmsKeyArn: 'environment variables are kept on this machine only',
    TracingConfig: 'no X-Ray here',
    EphemeralStorage: 'the disk of this machine bounds /tmp',
    Architectures: 'functions run on the processor of this machine',
    VpcConfig: 'no network but the loopback here',
    RecursiveLoop: 'loops are not detected here',
    RuntimeManagementConfig: 'one release of each runtime here',
  },
  async create(properties, context) {
    const name: string = properties.FunctionName ?? context.generateName(64);
    await context.call('lambda', 'CreateFunction', {
      ...configurationOf(name, properties),
      FunctionName: name,
      Code: codeOf(properties),
      PackageType: properties.PackageType,
      Architectures: properties.Architectures,
      Tags: tagsOf(context),
    });
    await applyConcurrency(name, properties, {}, context);
    return functionOutcome(name, context);
  },
  async update(id, properties, previous, context) {
    if (JSON.stringify(properties.Code) !== JSON.stringify(previous.Code))
      await context.call('lambda', 'UpdateFunctionCode', { FunctionName: id, ...codeOf(properties) });
    const configuration = configurationOf(id, properties);
    if (JSON.stringify(configuration) !== JSON.stringify(configurationOf(id, previous)))
      await context.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: id, ...configuration });
    await applyConcurrency(id, properties, previous, context);
    const done = functionOutcome(id, context);
    await context.call('lambda', 'TagResource', { Resource: done.attributes?.Arn, Tags: tagsOf(context) });
    return done;
  },
  delete: (id, _properties, context) => removeQuietly(context, 'DeleteFunction', { FunctionName: id }),
};

const permission: ResourceType = {
  type: 'AWS::Lambda::Permission',
  enforced: ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'],
  stored: {},
  async create(properties, context) {
    const StatementId = context.generateName(100);
    await context.call('lambda', 'AddPermission', { ...properties, StatementId });
    return { id: StatementId, attributes: { Id: StatementId } };
  },
  delete: (id, properties, context) =>
    removeQuietly(context, 'RemovePermission', { FunctionName: properties.FunctionName, StatementId: id }),
};

const version: ResourceType = {
  type: 'AWS::Lambda::Version',
  enforced: ['FunctionName', 'Description', 'CodeSha256'],
  stored: { RuntimePolicy: 'one release of each runtime here' },
  async create(properties, context) {
    const made = await context.call<{ FunctionArn: string; Version: string }>('lambda', 'PublishVersion', properties);
    return { id: made.FunctionArn, attributes: { FunctionArn: made.FunctionArn, Version: made.Version } };
  },
  delete: (id, _properties, context) => removeQuietly(context, 'DeleteFunction', { FunctionName: id }),
};

const alias: ResourceType = {
  type: 'AWS::Lambda::Alias',
  enforced: ['Name', 'FunctionName', 'FunctionVersion', 'Description', 'RoutingConfig'],
  stored: {},
  async create(properties, context) {
    const { AliasArn } = await context.call<{ AliasArn: string }>('lambda', 'CreateAlias', properties);
    return { id: AliasArn, attributes: { AliasArn } };
  },
  async update(id, properties, _previous, context) {
    await context.call('lambda', 'UpdateAlias', { Description: '', ...properties });
    return { id, attributes: { AliasArn: id } };
  },
  delete: (_id, properties, context) =>
    removeQuietly(context, 'DeleteAlias', { FunctionName: properties.FunctionName, Name: properties.Name }),
};

export const lambdaResources: readonly ResourceType[] = [lambdaFunction, permission, version, alias, ...mappingResources];
