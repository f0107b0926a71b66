import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Call, Cloud, Operations } from '../../../cloud';
import { AwsError, validationError } from '../../../errors';
import { requireName } from '../names';
import { inTime, page } from '../paging';
import type { TagStore } from '../tags';
import type { GroupRecord, Registry } from './records';

const POLICY_CHARACTERS = 20_480;

/** What the operations share. */
function groupScope(cloud: Cloud, registry: Registry, tagStore: TagStore) {
  const describe = (group: GroupRecord): Partial<Sdk.DescribeModelPackageGroupCommandOutput> => ({
    ModelPackageGroupName: group.name,
    ModelPackageGroupArn: registry.groupArn(group.name),
    ModelPackageGroupDescription: group.description,
    ModelPackageGroupStatus: 'Completed',
    CreationTime: new Date(group.created),
    CreatedBy: {},
  });
  const policyOf = (name: string | undefined): string => {
    const { policy } = registry.group(name);
    if (policy === undefined) throw validationError(`Cannot find resource policy for: ${registry.group(name).name}`);
    return policy;
  };
  return { cloud, registry, tagStore, describe, policyOf };
}
type GroupScope = ReturnType<typeof groupScope>;

async function createModelPackageGroup(
  { cloud, registry, tagStore }: GroupScope,
  input: Sdk.CreateModelPackageGroupCommandInput,
  call: Call,
) {
  const name = requireName(input.ModelPackageGroupName, 'modelPackageGroupName');
  const description = input.ModelPackageGroupDescription;
  const record: GroupRecord = {
    name,
    created: cloud.clock.now(),
    createdBy: call.caller.arn,
    next: 1,
    ...(description === undefined ? {} : { description }),
  };
  await cloud.storage.transaction(() => {
    if (registry.groups.get(name) !== undefined)
      throw validationError(`Model Package Group already exists: ${registry.groupArn(name)}`);
    void registry.groups.put(name, record);
  });
  await tagStore.add(registry.groupArn(name), input.Tags);
  return { ModelPackageGroupArn: registry.groupArn(name) };
}

function listModelPackageGroups({ registry, describe }: GroupScope, input: Sdk.ListModelPackageGroupsCommandInput) {
  const sign = input.SortOrder === 'Descending' ? -1 : 1;
  const key = (group: GroupRecord): string | number => (input.SortBy === 'Name' ? group.name : group.created);
  const fits = [...registry.groups.entries()]
    .map(({ value }) => value)
    .filter((group) => group.name.includes(input.NameContains ?? '') && inTime(group, input))
    .sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  const { items, next } = page(fits, input);
  return { ModelPackageGroupSummaryList: items.map(describe), ...next };
}

async function deleteModelPackageGroup(
  { registry, cloud, tagStore }: GroupScope,
  input: Sdk.DeleteModelPackageGroupCommandInput,
) {
  const { name } = registry.group(input.ModelPackageGroupName);
  await cloud.storage.transaction(() => {
    if ([...registry.packages.under([name], { limit: 1 })].length > 0) {
      const message = `Model Package Group ${registry.groupArn(name)} cannot be deleted since it contains ModelPackages`;
      throw new AwsError('ConflictException', message, { status: 400, members: { Message: message } });
    }
    void registry.groups.remove(name);
  });
  await tagStore.remove(registry.groupArn(name));
  return {};
}

async function putModelPackageGroupPolicy({ registry }: GroupScope, input: Sdk.PutModelPackageGroupPolicyCommandInput) {
  const group = registry.group(input.ModelPackageGroupName);
  const policy = input.ResourcePolicy ?? '';
  if (policy.length > POLICY_CHARACTERS) throw validationError(`ResourcePolicy is longer than ${POLICY_CHARACTERS} characters`);
  await registry.groups.put(group.name, { ...group, policy });
  return { ModelPackageGroupArn: registry.groupArn(group.name) };
}

function getModelPackageGroupPolicy({ policyOf }: GroupScope, input: Sdk.GetModelPackageGroupPolicyCommandInput) {
  return {
    ResourcePolicy: policyOf(input.ModelPackageGroupName),
  };
}

async function deleteModelPackageGroupPolicy(
  { registry, policyOf }: GroupScope,
  input: Sdk.DeleteModelPackageGroupPolicyCommandInput,
) {
  const { policy: _, ...group } = registry.group(input.ModelPackageGroupName);
  policyOf(group.name);
  await registry.groups.put(group.name, group);
  return {};
}

export function groupOperations(cloud: Cloud, registry: Registry, tagStore: TagStore): Operations {
  const scope = groupScope(cloud, registry, tagStore);
  const { describe } = scope;
  return {
    CreateModelPackageGroup: (input: Sdk.CreateModelPackageGroupCommandInput, call: Call) =>
      createModelPackageGroup(scope, input, call),
    DescribeModelPackageGroup: (input: Sdk.DescribeModelPackageGroupCommandInput) =>
      describe(registry.group(input.ModelPackageGroupName)),
    ListModelPackageGroups: (input: Sdk.ListModelPackageGroupsCommandInput) => listModelPackageGroups(scope, input),
    DeleteModelPackageGroup: (input: Sdk.DeleteModelPackageGroupCommandInput) => deleteModelPackageGroup(scope, input),
    PutModelPackageGroupPolicy: (input: Sdk.PutModelPackageGroupPolicyCommandInput) => putModelPackageGroupPolicy(scope, input),
    GetModelPackageGroupPolicy: (input: Sdk.GetModelPackageGroupPolicyCommandInput) => getModelPackageGroupPolicy(scope, input),
    DeleteModelPackageGroupPolicy: (input: Sdk.DeleteModelPackageGroupPolicyCommandInput) =>
      deleteModelPackageGroupPolicy(scope, input),
  };
}
