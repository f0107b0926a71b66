import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-iam';
import type { Cloud, Operations } from '../../cloud';
import { AwsError } from '../../errors';
import type { IamStore, PolicyRecord, RoleRecord } from '../../iam/entities';
import { managedPolicy } from '../../iam/managed-policies';
import { isOperator } from '../../iam/policy/conditions';
import { MalformedPolicy, parsePolicy, type Statement } from '../../iam/policy/document';

type Input<T> = T;

function uniqueId(prefix: string): string {
  return prefix + randomBytes(12).toString('hex').toUpperCase().slice(0, 17);
}

function noSuchRole(name: string): AwsError {
  return new AwsError('NoSuchEntityException', `The role with name ${name} cannot be found.`);
}

function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocumentException', message, { status: 400 });
}

function statementsOf(text: string | undefined): readonly Statement[] {
  try {
    const { statements } = parsePolicy(text ?? '');
    const operators = statements.flatMap(({ conditions }) => Object.keys(conditions));
    const unknown = operators.find((operator) => !isOperator(operator));
    if (unknown !== undefined) throw malformed(`Invalid Condition type : ${unknown}.`);
    return statements;
  } catch (error) {
    throw error instanceof MalformedPolicy ? malformed(error.message) : error;
  }
}

/** An identity policy names resources and no principals; returns it as given. */
function policyDocument(text: string | undefined): string {
  const statements = statementsOf(text);
  if (statements.some(({ principal }) => principal !== undefined))
    throw malformed('Policy document should not specify a principal.');
  if (statements.some(({ resource }) => resource === undefined)) throw malformed('Policy statement must contain resources.');
  return text ?? '';
}

/** A trust policy names principals and no resources; returns it as given. */
function trustDocument(text: string | undefined): string {
  const statements = statementsOf(text);
  if (statements.some(({ resource }) => resource !== undefined)) throw malformed('Has prohibited field Resource.');
  if (statements.some(({ principal }) => principal === undefined)) throw malformed('Missing required field Principal.');
  return text ?? '';
}

function describeRole(role: RoleRecord): Sdk.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.created),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: [...role.tags],
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
            PermissionsBoundaryArn: role.boundary,
          },
        }),
  };
}

function describePolicy(policy: PolicyRecord): Sdk.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    CreateDate: new Date(policy.created),
    IsAttachable: true,
  };
}

/** What the operations share. */
function roleScope(cloud: Cloud, store: IamStore) {
  const role = (name: string | undefined): RoleRecord => {
    const found = store.roles.get(name ?? '');
    if (found === undefined) throw noSuchRole(name ?? '');
    return found;
  };
  /** A managed policy that exists; AWS's own are those that the local AWS has the text of. */
  const attachable = (arn: string | undefined): string => {
    if (arn === undefined || (managedPolicy(arn) === undefined && store.policies.get(arn) === undefined))
      throw new AwsError('NoSuchEntityException', `Policy ${arn} does not exist or is not attachable.`);
    return arn;
  };
  const change = async (name: string | undefined, changes: Partial<RoleRecord>): Promise<Record<string, never>> => {
    await store.roles.put(name ?? '', { ...role(name), ...changes });
    return {};
  };
  return { store, cloud, attachable, change, role };
}
type RoleScope = ReturnType<typeof roleScope>;

async function createRole({ store, cloud, attachable }: RoleScope, input: Input<Sdk.CreateRoleCommandInput>) {
  const name = input.RoleName ?? '';
  if (store.roles.get(name) !== undefined)
    throw new AwsError('EntityAlreadyExistsException', `Role with name ${name} already exists.`);
  const path = input.Path ?? '/';
  const record: RoleRecord = {
    name,
    path,
    id: uniqueId('AROA'),
    arn: `arn:aws:iam::${cloud.account}:role${path}${name}`,
    created: cloud.clock.now(),
    maxSessionSeconds: input.MaxSessionDuration ?? 3600,
    trust: trustDocument(input.AssumeRolePolicyDocument),
    inline: {},
    attached: [],
    tags: (input.Tags ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' })),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.PermissionsBoundary === undefined ? {} : { boundary: attachable(input.PermissionsBoundary) }),
  };
  await store.roles.put(name, record);
  return { Role: describeRole(record) };
}

function updateRole({ change }: RoleScope, input: Input<Sdk.UpdateRoleCommandInput>) {
  return change(input.RoleName, {
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: input.MaxSessionDuration }),
  });
}

async function deleteRolePermissionsBoundary(
  { role, store }: RoleScope,
  input: Input<Sdk.DeleteRolePermissionsBoundaryCommandInput>,
) {
  const { boundary, ...rest } = role(input.RoleName);
  if (boundary === undefined)
    throw new AwsError('NoSuchEntityException', `Role ${rest.name} does not have a permissions boundary.`);
  await store.roles.put(rest.name, rest);
  return {};
}

function tagRole({ role, change }: RoleScope, input: Input<Sdk.TagRoleCommandInput>) {
  const added = (input.Tags ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }));
  const kept = role(input.RoleName).tags.filter((tag) => !added.some((other) => other.Key === tag.Key));
  return change(input.RoleName, { tags: [...kept, ...added] });
}

async function deleteRole({ role, store }: RoleScope, input: Input<Sdk.DeleteRoleCommandInput>) {
  const found = role(input.RoleName);
  if (Object.keys(found.inline).length > 0)
    throw new AwsError('DeleteConflictException', 'Cannot delete entity, must delete policies first.');
  if (found.attached.length > 0)
    throw new AwsError('DeleteConflictException', 'Cannot delete entity, must detach all policies first.');
  await store.roles.remove(found.name);
  return {};
}

function putRolePolicy({ change, role }: RoleScope, input: Input<Sdk.PutRolePolicyCommandInput>) {
  return change(input.RoleName, {
    inline: { ...role(input.RoleName).inline, [input.PolicyName ?? '']: policyDocument(input.PolicyDocument) },
  });
}

function getRolePolicy({ role }: RoleScope, input: Input<Sdk.GetRolePolicyCommandInput>) {
  const document = role(input.RoleName).inline[input.PolicyName ?? ''];
  if (document === undefined)
    throw new AwsError('NoSuchEntityException', `The role policy with name ${input.PolicyName} cannot be found.`);
  return { RoleName: input.RoleName, PolicyName: input.PolicyName, PolicyDocument: encodeURIComponent(document) };
}

function listRolePolicies({ role }: RoleScope, input: Input<Sdk.ListRolePoliciesCommandInput>) {
  return {
    PolicyNames: Object.keys(role(input.RoleName).inline),
    IsTruncated: false,
  };
}

function deleteRolePolicy({ role, change }: RoleScope, input: Input<Sdk.DeleteRolePolicyCommandInput>) {
  const { [input.PolicyName ?? '']: removed, ...inline } = role(input.RoleName).inline;
  if (removed === undefined)
    throw new AwsError('NoSuchEntityException', `The role policy with name ${input.PolicyName} cannot be found.`);
  return change(input.RoleName, { inline });
}

function attachRolePolicy({ change, role, attachable }: RoleScope, input: Input<Sdk.AttachRolePolicyCommandInput>) {
  return change(input.RoleName, {
    attached: [...role(input.RoleName).attached.filter((arn) => arn !== input.PolicyArn), attachable(input.PolicyArn)],
  });
}

function listAttachedRolePolicies({ role }: RoleScope, input: Input<Sdk.ListAttachedRolePoliciesCommandInput>) {
  return {
    AttachedPolicies: role(input.RoleName).attached.map((arn) => ({
      PolicyArn: arn,
      PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
    })),
    IsTruncated: false,
  };
}

/** Roles with their inline and attached policies. */
export function roleOperations(cloud: Cloud, store: IamStore): Operations {
  const scope = roleScope(cloud, store);
  const { role, change, attachable } = scope;
  return {
    CreateRole: (input: Input<Sdk.CreateRoleCommandInput>) => createRole(scope, input),
    GetRole: (input: Input<Sdk.GetRoleCommandInput>) => ({ Role: describeRole(role(input.RoleName)) }),
    ListRoles: () => ({ Roles: [...store.roles.entries()].map(({ value }) => describeRole(value)), IsTruncated: false }),
    UpdateRole: (input: Input<Sdk.UpdateRoleCommandInput>) => updateRole(scope, input),
    UpdateAssumeRolePolicy: (input: Input<Sdk.UpdateAssumeRolePolicyCommandInput>) =>
      change(input.RoleName, { trust: trustDocument(input.PolicyDocument) }),
    PutRolePermissionsBoundary: (input: Input<Sdk.PutRolePermissionsBoundaryCommandInput>) =>
      change(input.RoleName, { boundary: attachable(input.PermissionsBoundary) }),
    DeleteRolePermissionsBoundary: (input: Input<Sdk.DeleteRolePermissionsBoundaryCommandInput>) =>
      deleteRolePermissionsBoundary(scope, input),
    TagRole: (input: Input<Sdk.TagRoleCommandInput>) => tagRole(scope, input),
    DeleteRole: (input: Input<Sdk.DeleteRoleCommandInput>) => deleteRole(scope, input),
    PutRolePolicy: (input: Input<Sdk.PutRolePolicyCommandInput>) => putRolePolicy(scope, input),
    GetRolePolicy: (input: Input<Sdk.GetRolePolicyCommandInput>) => getRolePolicy(scope, input),
    ListRolePolicies: (input: Input<Sdk.ListRolePoliciesCommandInput>) => listRolePolicies(scope, input),
    DeleteRolePolicy: (input: Input<Sdk.DeleteRolePolicyCommandInput>) => deleteRolePolicy(scope, input),
    AttachRolePolicy: (input: Input<Sdk.AttachRolePolicyCommandInput>) => attachRolePolicy(scope, input),
    DetachRolePolicy: (input: Input<Sdk.DetachRolePolicyCommandInput>) =>
      change(input.RoleName, { attached: role(input.RoleName).attached.filter((arn) => arn !== input.PolicyArn) }),
    ListAttachedRolePolicies: (input: Input<Sdk.ListAttachedRolePoliciesCommandInput>) => listAttachedRolePolicies(scope, input),
  };
}

/** Customer managed policies. */
export function policyOperations(cloud: Cloud, store: IamStore): Operations {
  const policy = (arn: string | undefined): PolicyRecord => {
    const found = store.policies.get(arn ?? '');
    if (found === undefined) throw new AwsError('NoSuchEntityException', `Policy ${arn} does not exist or is not attachable.`);
    return found;
  };
  return {
    CreatePolicy: async (input: Input<Sdk.CreatePolicyCommandInput>) => {
      const name = input.PolicyName ?? '';
      const path = input.Path ?? '/';
      const arn = `arn:aws:iam::${cloud.account}:policy${path}${name}`;
      if (store.policies.get(arn) !== undefined)
        throw new AwsError(
          'EntityAlreadyExistsException',
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
        );
      const record: PolicyRecord = {
        name,
        path,
        id: uniqueId('ANPA'),
        arn,
        created: cloud.clock.now(),
        document: policyDocument(input.PolicyDocument),
      };
      await store.policies.put(arn, record);
      return { Policy: describePolicy(record) };
    },
    GetPolicy: (input: Input<Sdk.GetPolicyCommandInput>) => ({ Policy: describePolicy(policy(input.PolicyArn)) }),
    GetPolicyVersion: (input: Input<Sdk.GetPolicyVersionCommandInput>) => ({
      PolicyVersion: { VersionId: 'v1', IsDefaultVersion: true, Document: encodeURIComponent(policy(input.PolicyArn).document) },
    }),
    CreatePolicyVersion: async (input: Input<Sdk.CreatePolicyVersionCommandInput>) => {
      await store.policies.put(input.PolicyArn ?? '', {
        ...policy(input.PolicyArn),
        document: policyDocument(input.PolicyDocument),
      });
      return { PolicyVersion: { VersionId: 'v1', IsDefaultVersion: true } };
    },
    DeletePolicy: async (input: Input<Sdk.DeletePolicyCommandInput>) => {
      const found = policy(input.PolicyArn);
      if ([...store.roles.entries()].some(({ value }) => value.attached.includes(found.arn))) {
        throw new AwsError('DeleteConflictException', 'Cannot delete a policy attached to entities.');
      }
      await store.policies.remove(found.arn);
      return {};
    },
  };
}
