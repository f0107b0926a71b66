import type * as Sdk from '@aws-sdk/client-ssm';
import type { ResourceType, ServiceFactory } from '../../cloud';
import { AwsError } from '../../errors';
import { ssmRights } from './authorization';

interface ParameterRecord {
  readonly name: string;
  readonly type: 'String' | 'StringList';
  readonly value: string;
  readonly version: number;
  readonly modified: number;
  readonly description?: string;
}

const STANDARD_BYTES = 4096;

const parameter: ResourceType = {
  type: 'AWS::SSM::Parameter',
  enforced: ['Name', 'Type', 'Value', 'Description', 'Tier', 'AllowedPattern'],
  stored: { Tags: 'shown by no operation that is supported', DataType: 'text is the only kind here' },
  async create(properties, context) {
    const name: string = properties.Name ?? context.generateName(128);
    await context.call('ssm', 'PutParameter', { ...properties, Name: name, Tags: undefined });
    return { id: name, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async update(id, properties, _previous, context) {
    await context.call('ssm', 'PutParameter', { ...properties, Name: id, Tags: undefined, Overwrite: true });
    return { id, attributes: { Type: properties.Type, Value: properties.Value } };
  },
  async delete(id, _properties, context) {
    await context.call('ssm', 'DeleteParameter', { Name: id }).catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== 'ParameterNotFound') throw error;
    });
  },
};

/** What the operations share. */
function ssmScope(cloud: Parameters<ServiceFactory>[0]) {
  const current = cloud.storage.table<ParameterRecord>('ssm/parameters');
  const history = cloud.storage.table<ParameterRecord>('ssm/history');
  const arn = (name: string): string => `arn:aws:ssm:${cloud.region}:${cloud.account}:parameter/${name.replace(/^\//, '')}`;
  const find = (reference: string): ParameterRecord | undefined => {
    const [name = '', version] = reference.startsWith('arn:')
      ? [`/${reference.split(':parameter/')[1] ?? ''}`]
      : reference.split(':');
    return version === undefined ? (current.get(name) ?? current.get(name.slice(1))) : history.get([name, Number(version)]);
  };
  const describe = (record: ParameterRecord): Sdk.Parameter => ({
    Name: record.name,
    Type: record.type,
    Value: record.value,
    Version: record.version,
    LastModifiedDate: new Date(record.modified),
    ARN: arn(record.name),
    DataType: 'text',
  });
  return { current, cloud, history, find, describe };
}
type SsmScope = ReturnType<typeof ssmScope>;

async function putParameter(
  { current, cloud, history }: SsmScope,
  input: Sdk.PutParameterCommandInput,
): Promise<Partial<Sdk.PutParameterCommandOutput>> {
  const name = input.Name ?? '';
  const value = input.Value ?? '';
  const type = input.Type ?? current.get(name)?.type;
  if (type !== 'String' && type !== 'StringList')
    throw new AwsError('UnsupportedParameterType', `The parameter type ${type} is not supported by the local AWS.`);
  if (!/^[\w./-]{1,1011}$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Parameter name must have 1 to 1011 characters and consist of letters, numbers and the symbols .-_/',
    );
  if (Buffer.byteLength(value) > STANDARD_BYTES) {
    throw new AwsError(
      'ValidationException',
      `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
  if (input.AllowedPattern !== undefined && !new RegExp(input.AllowedPattern).test(value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
    );
  }
  return cloud.storage.transaction(() => {
    const previous = current.get(name);
    if (previous !== undefined && input.Overwrite !== true) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const version = (previous?.version ?? 0) + 1;
    const record: ParameterRecord = {
      name,
      type,
      value,
      version,
      modified: cloud.clock.now(),
      ...(input.Description === undefined ? {} : { description: input.Description }),
    };
    void current.put(name, record);
    void history.put([name, version], record);
    return { Version: version, Tier: 'Standard' };
  });
}

function getParameter({ find, describe }: SsmScope, input: Sdk.GetParameterCommandInput) {
  const record = find(input.Name ?? '');
  if (record === undefined) throw new AwsError('ParameterNotFound', '');
  return { Parameter: describe(record) };
}

function getParameters({ find, describe }: SsmScope, input: Sdk.GetParametersCommandInput) {
  const names = input.Names ?? [];
  const found = names.map((name) => find(name)).filter((record) => record !== undefined);
  return { Parameters: found.map(describe), InvalidParameters: names.filter((name) => find(name) === undefined) };
}

function getParametersByPath({ current, describe }: SsmScope, input: Sdk.GetParametersByPathCommandInput) {
  const path = `${(input.Path ?? '/').replace(/\/$/, '')}/`;
  const under = [...current.entries({ start: path, end: `${path}\uffff` })].map(({ value }) => value);
  const direct = input.Recursive === true ? under : under.filter((record) => !record.name.slice(path.length).includes('/'));
  const start = Number(input.NextToken ?? 0);
  const size = input.MaxResults ?? 10;
  const next = start + size < direct.length ? { NextToken: String(start + size) } : {};
  return { Parameters: direct.slice(start, start + size).map(describe), ...next };
}

async function deleteParameter({ current }: SsmScope, input: Sdk.DeleteParameterCommandInput) {
  const name = input.Name ?? '';
  if (current.get(name) === undefined) throw new AwsError('ParameterNotFound', '');
  await current.remove(name);
  return {};
}

async function deleteParameters({ current }: SsmScope, input: Sdk.DeleteParametersCommandInput) {
  const names = input.Names ?? [];
  const known = names.filter((name) => current.get(name) !== undefined);
  for (const name of known) await current.remove(name);
  return { DeletedParameters: known, InvalidParameters: names.filter((name) => !known.includes(name)) };
}

/** Parameter Store: String parameters with their versions. SecureString is refused. */
export const ssm: ServiceFactory = (cloud) => {
  const scope = ssmScope(cloud);
  return {
    name: 'ssm',
    signingNames: ['ssm'],
    sdk: '@aws-sdk/client-ssm',
    rights: ssmRights,
    resources: [parameter],
    operations: {
      PutParameter: (input: Sdk.PutParameterCommandInput) => putParameter(scope, input),
      GetParameter: (input: Sdk.GetParameterCommandInput) => getParameter(scope, input),
      GetParameters: (input: Sdk.GetParametersCommandInput) => getParameters(scope, input),
      GetParametersByPath: (input: Sdk.GetParametersByPathCommandInput) => getParametersByPath(scope, input),
      DeleteParameter: (input: Sdk.DeleteParameterCommandInput) => deleteParameter(scope, input),
      DeleteParameters: (input: Sdk.DeleteParametersCommandInput) => deleteParameters(scope, input),
    },
  };
};
