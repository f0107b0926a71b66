import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Call, Cloud, Operations } from '../../../cloud';
import { validationError } from '../../../errors';
import { ClientTokens } from '../client-tokens';
import { stage } from '../events';
import { refuse } from '../names';
import { inTime, page } from '../paging';
import type { PackageRecord, Registry } from './records';

const EVENT = 'SageMaker Model Package State Change';
const MAX_METADATA = 50;
const METADATA_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;
const APPROVALS: readonly unknown[] = ['Approved', 'Rejected', 'PendingManualApproval'];

function checkMetadata(metadata: Readonly<Record<string, string>>): void {
  const entries = Object.entries(metadata);
  if (entries.length > MAX_METADATA) throw validationError(`CustomerMetadataProperties may have at most ${MAX_METADATA} entries`);
  for (const [key, value] of entries) {
    if (typeof value !== 'string' || key.length > 128 || !METADATA_VALUE.test(value)) {
      throw validationError(
        `CustomerMetadataProperties['${key}'] = '${value}': keys have at most 128, values 1 to 256 letters, digits, spaces or _.:/=+-@`,
      );
    }
  }
}

function checkCreation(input: Sdk.CreateModelPackageCommandInput): void {
  refuse('CreateModelPackage', {
    'ModelPackageName (unversioned packages)': input.ModelPackageName !== undefined,
    Tags: (input.Tags ?? []).length > 0,
    SourceAlgorithmSpecification: input.SourceAlgorithmSpecification !== undefined,
    ValidationSpecification: input.ValidationSpecification !== undefined,
    CertifyForMarketplace: input.CertifyForMarketplace === true,
  });
  if (input.ModelPackageGroupName === undefined) throw validationError('ModelPackageGroupName is required');
  const containers = input.InferenceSpecification?.Containers ?? [];
  if (input.InferenceSpecification !== undefined && (containers.length === 0 || containers.length > 15))
    throw validationError('InferenceSpecification.Containers must have 1 to 15 entries');
  checkApproval(input.ModelApprovalStatus);
  checkMetadata(input.CustomerMetadataProperties ?? {});
}

function checkApproval(status: string | undefined): void {
  if (status !== undefined && !APPROVALS.includes(status)) {
    throw validationError(
      `1 validation error detected: Value '${status}' at 'modelApprovalStatus' failed to satisfy constraint: Member must satisfy enum value set: [Approved, Rejected, PendingManualApproval]`,
    );
  }
}

/** The stored content after an update; approval, metadata, life cycle and specification may change. */
function updated(record: PackageRecord, input: Sdk.UpdateModelPackageCommandInput): PackageRecord['content'] {
  const removed = input.CustomerMetadataPropertiesToRemove ?? [];
  const kept = Object.entries(record.content.CustomerMetadataProperties ?? {}).filter(([key]) => !removed.includes(key));
  const metadata = { ...Object.fromEntries(kept), ...input.CustomerMetadataProperties };
  checkMetadata(metadata);
  return {
    ...record.content,
    CustomerMetadataProperties: metadata,
    ...(input.ModelApprovalStatus === undefined ? {} : { ModelApprovalStatus: input.ModelApprovalStatus }),
    ...(input.ModelLifeCycle === undefined ? {} : { ModelLifeCycle: input.ModelLifeCycle }),
    ...(input.InferenceSpecification === undefined ? {} : { InferenceSpecification: input.InferenceSpecification }),
    ...(input.SourceUri === undefined ? {} : { SourceUri: input.SourceUri }),
  };
}

function describe(record: PackageRecord): Partial<Sdk.DescribeModelPackageCommandOutput> {
  return {
    ...record.content,
    ModelPackageGroupName: record.group,
    ModelPackageVersion: record.version,
    ModelPackageArn: record.arn,
    CreationTime: new Date(record.created),
    LastModifiedTime: new Date(record.modified),
    ModelPackageStatus: 'Completed',
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: false,
    ApprovalDescription: record.approvalDescription,
    CreatedBy: {},
  };
}

function summarize(record: PackageRecord): Sdk.ModelPackageSummary {
  return {
    ModelPackageGroupName: record.group,
    ModelPackageVersion: record.version,
    ModelPackageArn: record.arn,
    ModelPackageDescription: record.content.ModelPackageDescription,
    CreationTime: new Date(record.created),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: record.content.ModelApprovalStatus,
    ModelLifeCycle: record.content.ModelLifeCycle,
  };
}

/** What the operations share. */
function packageScope(cloud: Cloud, registry: Registry) {
  const tokens = new ClientTokens(cloud);
  const announce = (record: PackageRecord): (() => Promise<void>) => stage(cloud, EVENT, [record.arn], describe(record));
  return { registry, cloud, tokens, announce };
}
type PackageScope = ReturnType<typeof packageScope>;

async function createModelPackage(
  { registry, cloud, tokens, announce }: PackageScope,
  input: Sdk.CreateModelPackageCommandInput,
  call: Call,
): Promise<object> {
  checkCreation(input);
  const { name } = registry.group(input.ModelPackageGroupName);
  const { ClientToken: token, Tags: _, ...content } = input;
  const made = await cloud.storage.transaction((): { answer: object; tell?: () => Promise<void> } => {
    const answer = tokens.find('CreateModelPackage', token, content);
    if (answer !== undefined) return { answer };
    const group = registry.group(name);
    const now = cloud.clock.now();
    const record: PackageRecord = {
      group: name,
      version: group.next,
      arn: registry.packageArn(name, group.next),
      content: {
        ...content,
        ModelPackageGroupName: name,
        ModelApprovalStatus: content.ModelApprovalStatus ?? 'PendingManualApproval',
      },
      created: now,
      createdBy: call.caller.arn,
      modified: now,
    };
    void registry.groups.put(name, { ...group, next: group.next + 1 });
    void registry.packages.put([name, record.version], record);
    const first = { ModelPackageArn: record.arn };
    tokens.keep('CreateModelPackage', token, content, first);
    return { answer: first, tell: announce(record) };
  });
  await made.tell?.();
  return made.answer;
}

async function updateModelPackage(
  { cloud, registry, announce }: PackageScope,
  input: Sdk.UpdateModelPackageCommandInput,
  call: Call,
): Promise<object> {
  checkApproval(input.ModelApprovalStatus);
  refuse('UpdateModelPackage', {
    ModelCard: input.ModelCard !== undefined,
    AdditionalInferenceSpecificationsToAdd: input.AdditionalInferenceSpecificationsToAdd !== undefined,
  });
  const { ModelPackageArn, tell } = await cloud.storage.transaction(() => {
    const previous = registry.package(input.ModelPackageArn);
    const description = input.ApprovalDescription;
    const record: PackageRecord = {
      ...previous,
      content: updated(previous, input),
      modified: cloud.clock.now(),
      modifiedBy: call.caller.arn,
      ...(description === undefined ? {} : { approvalDescription: description }),
    };
    void registry.packages.put([record.group, record.version], record);
    const approved = previous.content.ModelApprovalStatus !== record.content.ModelApprovalStatus;
    const told = approved || input.ModelLifeCycle !== undefined;
    return { ModelPackageArn: record.arn, ...(told ? { tell: announce(record) } : {}) };
  });
  await tell?.();
  return { ModelPackageArn };
}

function listModelPackages({ registry }: PackageScope, input: Sdk.ListModelPackagesCommandInput): object {
  if (input.ModelPackageGroupName === undefined) return { ModelPackageSummaryList: [] };
  const { name } = registry.group(input.ModelPackageGroupName);
  const all = [...registry.packages.under([name])].map(({ value }) => value);
  const fits = all
    .filter((record) => inTime(record, input))
    .filter(
      ({ content }) => input.ModelApprovalStatus === undefined || content.ModelApprovalStatus === input.ModelApprovalStatus,
    );
  const { items, next } = page(input.SortOrder === 'Descending' ? fits.reverse() : fits, input);
  return { ModelPackageSummaryList: items.map(summarize), ...next };
}

async function deleteModelPackage({ registry }: PackageScope, input: Sdk.DeleteModelPackageCommandInput) {
  const { group, version } = registry.package(input.ModelPackageName);
  await registry.packages.remove([group, version]);
  return {};
}

export function packageOperations(cloud: Cloud, registry: Registry): Operations {
  const scope = packageScope(cloud, registry);
  return {
    CreateModelPackage: (input: Sdk.CreateModelPackageCommandInput, call: Call) => createModelPackage(scope, input, call),
    UpdateModelPackage: (input: Sdk.UpdateModelPackageCommandInput, call: Call) => updateModelPackage(scope, input, call),
    DescribeModelPackage: (input: Sdk.DescribeModelPackageCommandInput) => describe(registry.package(input.ModelPackageName)),
    ListModelPackages: (input: Sdk.ListModelPackagesCommandInput) => listModelPackages(scope, input),
    DeleteModelPackage: (input: Sdk.DeleteModelPackageCommandInput) => deleteModelPackage(scope, input),
  };
}
