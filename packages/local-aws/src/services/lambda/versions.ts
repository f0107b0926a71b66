import type * as Sdk from '@aws-sdk/client-lambda';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import { describeVersion } from './functions';
import { type AliasRecord, LATEST, type LambdaStore, parseReference } from './store';

/** What the operations share. */
function versionScope(cloud: Cloud, store: LambdaStore) {
  const describe = (name: string, alias: AliasRecord): Sdk.AliasConfiguration => ({
    AliasArn: store.arn(name, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
  });
  const alias = (name: string, aliasName: string): AliasRecord => {
    const record = store.aliases.get([name, aliasName]);
    if (record === undefined)
      throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${store.arn(name, aliasName)}`, { status: 404 });
    return record;
  };
  const put = async (
    input: Sdk.CreateAliasCommandInput | Sdk.UpdateAliasCommandInput,
    previous?: AliasRecord,
  ): Promise<Sdk.AliasConfiguration> => {
    if (Object.keys(input.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0) {
      throw new AwsError(
        'InvalidParameterValueException',
        'The local AWS does not split the traffic of an alias between versions.',
        { status: 400 },
      );
    }
    const { name } = parseReference(input.FunctionName ?? '');
    const version = store.version(name, input.FunctionVersion ?? previous?.version).version;
    const record = { name: input.Name ?? '', version, description: input.Description ?? previous?.description ?? '' };
    await store.aliases.put([name, record.name], record);
    return describe(name, record);
  };
  return { store, cloud, put, describe, alias };
}
type VersionScope = ReturnType<typeof versionScope>;

async function publishVersion({ store, cloud }: VersionScope, input: Sdk.PublishVersionCommandInput) {
  const { name } = parseReference(input.FunctionName ?? '');
  const record = store.function(name);
  const latest = store.version(name, undefined);
  const last = record.lastVersion === 0 ? undefined : store.versions.get([name, String(record.lastVersion)]);
  if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.code.sha256) {
    throw new AwsError(
      'InvalidParameterValueException',
      `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      { status: 400 },
    );
  }
  // Nothing has changed since: AWS gives the same version again.
  if (last !== undefined && last.revision === latest.revision) return describeVersion(store, last);
  const version = String(record.lastVersion + 1);
  const published = { ...latest, version, description: input.Description ?? latest.description, modified: cloud.clock.now() };
  await cloud.storage.transaction(() => {
    void store.versions.put([name, version], published);
    void store.functions.put(name, { ...record, lastVersion: record.lastVersion + 1 });
  });
  return describeVersion(store, published);
}

function listVersionsByFunction({ store }: VersionScope, input: Sdk.ListVersionsByFunctionCommandInput) {
  const { name } = parseReference(input.FunctionName ?? '');
  store.function(name);
  return { Versions: [...store.versions.under([name])].map(({ value }) => describeVersion(store, value, true)) };
}

function createAlias({ store, put }: VersionScope, input: Sdk.CreateAliasCommandInput) {
  const { name } = parseReference(input.FunctionName ?? '');
  if (store.aliases.get([name, input.Name ?? '']) !== undefined)
    throw new AwsError('ResourceConflictException', `Alias already exists: ${store.arn(name, input.Name)}`, { status: 409 });
  return put(input);
}

function getAlias({ describe, alias }: VersionScope, input: Sdk.GetAliasCommandInput) {
  const { name } = parseReference(input.FunctionName ?? '');
  return describe(name, alias(name, input.Name ?? ''));
}

function listAliases({ store, describe }: VersionScope, input: Sdk.ListAliasesCommandInput) {
  const { name } = parseReference(input.FunctionName ?? '');
  const aliases = [...store.aliases.under([name])].map(({ value }) => describe(name, value));
  return {
    Aliases:
      input.FunctionVersion === undefined
        ? aliases
        : aliases.filter(({ FunctionVersion }) => FunctionVersion === input.FunctionVersion),
  };
}

/** Published versions and aliases (to one version; weighted aliases are refused). */
export function versionOperations(cloud: Cloud, store: LambdaStore): Operations {
  const scope = versionScope(cloud, store);
  const { put, alias } = scope;
  return {
    PublishVersion: (input: Sdk.PublishVersionCommandInput) => publishVersion(scope, input),
    ListVersionsByFunction: (input: Sdk.ListVersionsByFunctionCommandInput) => listVersionsByFunction(scope, input),
    CreateAlias: (input: Sdk.CreateAliasCommandInput) => createAlias(scope, input),
    UpdateAlias: (input: Sdk.UpdateAliasCommandInput) =>
      put(input, alias(parseReference(input.FunctionName ?? '').name, input.Name ?? '')),
    GetAlias: (input: Sdk.GetAliasCommandInput) => getAlias(scope, input),
    DeleteAlias: (input: Sdk.DeleteAliasCommandInput) =>
      store.aliases.remove([parseReference(input.FunctionName ?? '').name, input.Name ?? '']),
    ListAliases: (input: Sdk.ListAliasesCommandInput) => listAliases(scope, input),
  };
}

/** Qualifiers under which invoke configurations and permissions are kept. */
export function qualifierOf(qualifier: string | undefined): string {
  return qualifier === undefined ? LATEST : qualifier;
}
