import { randomUUID } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-wafv2';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';
import { type AclRecord, compileRules, type Firewall } from './acls';
import { invalid } from './statements';

export interface Tables {
  readonly acls: Table<AclRecord>;
  readonly associations: Table<string>;
  readonly logging: Table<Sdk.LoggingConfiguration>;
}

const MAX_CAPACITY = 5000;

function nonexistent(): AwsError {
  return new AwsError(
    'WAFNonexistentItemException',
    'AWS WAF couldn’t perform the operation because your resource doesn’t exist.',
  );
}

/** Capacity units of the statements that are evaluated here, as AWS's tables give them (managed groups by their declared 700). */
function capacityOf(statement: Sdk.Statement | undefined): number {
  if (statement === undefined) return 0;
  if (statement.RateBasedStatement !== undefined) return 2 + capacityOf(statement.RateBasedStatement.ScopeDownStatement);
  if (statement.ManagedRuleGroupStatement !== undefined) return 700;
  const parts = statement.AndStatement?.Statements ?? statement.OrStatement?.Statements ?? [];
  const inner = statement.NotStatement?.Statement;
  return 1 + parts.reduce((sum, part) => sum + capacityOf(part), 0) + (inner === undefined ? 0 : capacityOf(inner));
}

function describeAcl(record: AclRecord, account: string): Sdk.WebACL {
  return {
    Name: record.name,
    Id: record.id,
    ARN: record.arn,
    DefaultAction: record.defaultAction,
    Rules: [...record.rules],
    VisibilityConfig: record.visibility,
    Capacity: record.capacity,
    LabelNamespace: `awswaf:${account}:webacl:${record.name}:`,
    ManagedByFirewallManager: false,
    ...(record.description === undefined ? {} : { Description: record.description }),
  };
}

function contentOf(input: Sdk.CreateWebACLCommandInput | Sdk.UpdateWebACLCommandInput) {
  const { DefaultAction: defaultAction, VisibilityConfig: visibility, Rules: rules = [], Description } = input;
  if (input.Scope !== 'REGIONAL') throw invalid(`the local AWS has web ACLs of scope REGIONAL; given ${input.Scope}`);
  if (defaultAction === undefined || visibility === undefined) throw invalid('DefaultAction and VisibilityConfig are required');
  if (defaultAction.Block?.CustomResponse !== undefined) throw invalid('the local AWS does no custom responses');
  compileRules(rules);
  const capacity = rules.reduce((sum, rule) => sum + capacityOf(rule.Statement), 0);
  if (capacity > MAX_CAPACITY)
    throw new AwsError(
      'WAFLimitsExceededException',
      'AWS WAF couldn’t perform the operation because you exceeded your resource limit.',
    );
  return { defaultAction, visibility, rules, capacity, ...(Description === undefined ? {} : { description: Description }) };
}

/** What the operations share. */
function aclScope(cloud: Cloud, tables: Tables, firewall: Firewall) {
  const { acls, associations } = tables;
  const find = (id: string | undefined, name: string | undefined): AclRecord => {
    const record = acls.get(id ?? '');
    if (record === undefined || record.name !== name) throw nonexistent();
    return record;
  };
  const locked = (record: AclRecord, token: string | undefined): void => {
    if (record.lockToken !== token)
      throw new AwsError(
        'WAFOptimisticLockException',
        'AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it.',
      );
  };
  return { acls, cloud, find, locked, firewall, associations, tables };
}
type AclScope = ReturnType<typeof aclScope>;

async function createWebACL({ acls, cloud }: AclScope, input: Sdk.CreateWebACLCommandInput) {
  const name = input.Name ?? '';
  const content = contentOf(input);
  if ([...acls.entries()].some(({ value }) => value.name === name))
    throw new AwsError(
      'WAFDuplicateItemException',
      'AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.',
    );
  const id = randomUUID();
  const arn = `arn:aws:wafv2:${cloud.region}:${cloud.account}:regional/webacl/${name}/${id}`;
  const record: AclRecord = { id, name, arn, lockToken: randomUUID(), ...content };
  await acls.put(id, record);
  const { lockToken: LockToken } = record;
  return { Summary: { Name: name, Id: id, ARN: arn, LockToken, Description: record.description ?? '' } };
}

function getWebACL({ find, acls, cloud }: AclScope, input: Sdk.GetWebACLCommandInput) {
  const record =
    input.ARN === undefined
      ? find(input.Id, input.Name)
      : [...acls.entries()].find(({ value }) => value.arn === input.ARN)?.value;
  if (record === undefined) throw nonexistent();
  return { WebACL: describeAcl(record, cloud.account), LockToken: record.lockToken };
}

function listWebACLs({ acls }: AclScope) {
  return {
    WebACLs: [...acls.entries()].map(({ value }) => ({
      Name: value.name,
      Id: value.id,
      ARN: value.arn,
      LockToken: value.lockToken,
      Description: value.description ?? '',
    })),
  };
}

async function updateWebACL({ find, locked, acls, firewall }: AclScope, input: Sdk.UpdateWebACLCommandInput) {
  const { id, name, arn, lockToken } = find(input.Id, input.Name);
  locked({ ...find(id, name), lockToken }, input.LockToken);
  const record: AclRecord = { id, name, arn, lockToken: randomUUID(), ...contentOf(input) };
  await acls.put(id, record);
  firewall.changed();
  return { NextLockToken: record.lockToken };
}

async function deleteWebACL({ find, locked, associations, acls, tables }: AclScope, input: Sdk.DeleteWebACLCommandInput) {
  const record = find(input.Id, input.Name);
  locked(record, input.LockToken);
  if ([...associations.entries()].some(({ value }) => value === record.id))
    throw new AwsError(
      'WAFAssociatedItemException',
      'AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.',
    );
  await acls.remove(record.id);
  await tables.logging.remove(record.arn);
  return {};
}

function aclOperations(cloud: Cloud, tables: Tables, firewall: Firewall): Operations {
  const scope = aclScope(cloud, tables, firewall);
  return {
    CreateWebACL: (input: Sdk.CreateWebACLCommandInput) => createWebACL(scope, input),
    GetWebACL: (input: Sdk.GetWebACLCommandInput) => getWebACL(scope, input),
    ListWebACLs: () => listWebACLs(scope),
    UpdateWebACL: (input: Sdk.UpdateWebACLCommandInput) => updateWebACL(scope, input),
    DeleteWebACL: (input: Sdk.DeleteWebACLCommandInput) => deleteWebACL(scope, input),
  };
}

/** What the operations share. */
function associationScope(cloud: Cloud, tables: Tables, firewall: Firewall) {
  const { acls, associations } = tables;
  const byArn = (arn: string | undefined): AclRecord => {
    const found = acls.get((arn ?? '').split('/').at(-1) ?? '');
    if (found === undefined || found.arn !== arn) throw nonexistent();
    return found;
  };
  return { byArn, cloud, associations, firewall, acls, tables };
}
type AssociationScope = ReturnType<typeof associationScope>;

async function associateWebACL(
  { byArn, cloud, associations, firewall }: AssociationScope,
  input: Sdk.AssociateWebACLCommandInput,
) {
  const resource = input.ResourceArn ?? '';
  const [, api, stage] = /^arn:aws:apigateway:[^:]*::\/restapis\/([^/]+)\/stages\/([^/]+)$/.exec(resource) ?? [];
  if (api === undefined) throw invalid(`the local AWS associates web ACLs with stages of REST APIs; given ${resource}`);
  const record = byArn(input.WebACLArn);
  const caller = cloud.asService('wafv2.amazonaws.com');
  await cloud.call('apigateway', 'GetStage', { restApiId: api, stageName: stage }, caller).catch(() => {
    throw new AwsError(
      'WAFUnavailableEntityException',
      'AWS WAF couldn’t retrieve a resource that you specified for this operation.',
    );
  });
  await associations.put(resource, record.id);
  firewall.changed(resource);
  return {};
}

async function disassociateWebACL({ associations, firewall }: AssociationScope, input: Sdk.DisassociateWebACLCommandInput) {
  await associations.remove(input.ResourceArn ?? '');
  firewall.changed(input.ResourceArn);
  return {};
}

function getWebACLForResource({ acls, associations, cloud }: AssociationScope, input: Sdk.GetWebACLForResourceCommandInput) {
  const record = acls.get(associations.get(input.ResourceArn ?? '') ?? '');
  return record === undefined ? {} : { WebACL: describeAcl(record, cloud.account) };
}

function listResourcesForWebACL({ byArn, associations }: AssociationScope, input: Sdk.ListResourcesForWebACLCommandInput) {
  const { id } = byArn(input.WebACLArn);
  return { ResourceArns: [...associations.entries()].flatMap(({ key, value }) => (value === id ? [String(key)] : [])) };
}

async function putLoggingConfiguration({ byArn, tables }: AssociationScope, input: Sdk.PutLoggingConfigurationCommandInput) {
  const configuration = input.LoggingConfiguration;
  const { arn } = byArn(configuration?.ResourceArn);
  if (configuration === undefined) throw invalid('LoggingConfiguration is required');
  await tables.logging.put(arn, configuration);
  return { LoggingConfiguration: configuration };
}

function getLoggingConfiguration({ tables }: AssociationScope, input: Sdk.GetLoggingConfigurationCommandInput) {
  const LoggingConfiguration = tables.logging.get(input.ResourceArn ?? '');
  if (LoggingConfiguration === undefined) throw nonexistent();
  return { LoggingConfiguration };
}

async function deleteLoggingConfiguration({ tables }: AssociationScope, input: Sdk.DeleteLoggingConfigurationCommandInput) {
  await tables.logging.remove(input.ResourceArn ?? '');
  return {};
}

function associationOperations(cloud: Cloud, tables: Tables, firewall: Firewall): Operations {
  const scope = associationScope(cloud, tables, firewall);
  return {
    AssociateWebACL: (input: Sdk.AssociateWebACLCommandInput) => associateWebACL(scope, input),
    DisassociateWebACL: (input: Sdk.DisassociateWebACLCommandInput) => disassociateWebACL(scope, input),
    GetWebACLForResource: (input: Sdk.GetWebACLForResourceCommandInput) => getWebACLForResource(scope, input),
    ListResourcesForWebACL: (input: Sdk.ListResourcesForWebACLCommandInput) => listResourcesForWebACL(scope, input),
    PutLoggingConfiguration: (input: Sdk.PutLoggingConfigurationCommandInput) => putLoggingConfiguration(scope, input),
    GetLoggingConfiguration: (input: Sdk.GetLoggingConfigurationCommandInput) => getLoggingConfiguration(scope, input),
    DeleteLoggingConfiguration: (input: Sdk.DeleteLoggingConfigurationCommandInput) => deleteLoggingConfiguration(scope, input),
  };
}

/** Web ACLs, what they protect, and where their logs would go. */
export function wafOperations(cloud: Cloud, tables: Tables, firewall: Firewall): Operations {
  return { ...aclOperations(cloud, tables, firewall), ...associationOperations(cloud, tables, firewall) };
}
