import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud, Operations } from '../../../cloud';
import { AwsError, validationError } from '../../../errors';
import { refuse, requireName } from '../names';
import { inTime, page } from '../paging';
import { parseS3Uri } from '../s3-files';
import type { TagStore } from '../tags';
import type { EndpointStore, ModelRecord } from './records';

interface ListRequest {
  readonly SortBy?: string | undefined;
  readonly SortOrder?: string | undefined;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly NameContains?: string | undefined;
  readonly CreationTimeAfter?: Date | undefined;
  readonly CreationTimeBefore?: Date | undefined;
}

/** The page of a list that is asked for; newest first unless the request says otherwise. */
export function listPage<T extends { readonly name: string; readonly created: number }>(
  records: Iterable<T>,
  input: ListRequest,
): { items: readonly T[]; next: { NextToken?: string } } {
  const sign = input.SortOrder === 'Ascending' ? 1 : -1;
  const key = (record: T): string | number => (input.SortBy === 'Name' ? record.name : record.created);
  const fits = [...records]
    .filter((record) => record.name.includes(input.NameContains ?? '') && inTime(record, input))
    .sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
  return page(fits, input);
}

function checkContainer(container: Sdk.ContainerDefinition): void {
  const mode = container.Mode ?? 'SingleModel';
  refuse('CreateModel', {
    ModelPackageName: container.ModelPackageName !== undefined,
    ModelDataSource: container.ModelDataSource !== undefined,
    AdditionalModelDataSources: container.AdditionalModelDataSources !== undefined,
    MultiModelConfig: container.MultiModelConfig !== undefined || mode !== 'SingleModel',
    ImageConfig: container.ImageConfig !== undefined,
  });
  if (container.Image === undefined) throw validationError('The primary container must have an Image');
  if (container.ModelDataUrl === undefined) throw validationError('The local AWS serves models with a ModelDataUrl only');
  parseS3Uri(container.ModelDataUrl);
}

function containerOf(input: Sdk.CreateModelCommandInput): Sdk.ContainerDefinition {
  const given = [...(input.PrimaryContainer === undefined ? [] : [input.PrimaryContainer]), ...(input.Containers ?? [])];
  refuse('CreateModel', {
    'more than one container': given.length > 1,
    InferenceExecutionConfig: input.InferenceExecutionConfig !== undefined,
  });
  const [container] = given;
  if (container === undefined) throw validationError('PrimaryContainer or Containers must be specified');
  checkContainer(container);
  return container;
}

function describe({ name, arn, request, created }: ModelRecord): object {
  return { ...request, ModelName: name, ModelArn: arn, CreationTime: new Date(created) };
}

export function modelOperations(cloud: Cloud, store: EndpointStore, tagStore: TagStore): Operations {
  /** The artefact must be there for the role at the creation already. */
  const requireArtefact = async (url: string, role: string): Promise<void> => {
    const { bucket, key } = parseS3Uri(url);
    try {
      await cloud.call('s3', 'HeadObject', { Bucket: bucket, Key: key }, cloud.asRole(role, 'SageMaker', 'sagemaker'));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw validationError(
        `Could not access model data at ${url}. Please ensure that the role "${role}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${cloud.region}.`,
      );
    }
  };
  return {
    CreateModel: async (input: Sdk.CreateModelCommandInput) => {
      const name = requireName(input.ModelName, 'modelName');
      const { Tags, ...request } = input;
      const arn = store.arn('model', name);
      if (store.models.get(name) !== undefined) throw validationError(`Cannot create already existing model "${arn}".`);
      if (request.ExecutionRoleArn === undefined) throw validationError('ExecutionRoleArn is required');
      await requireArtefact(containerOf(input).ModelDataUrl ?? '', request.ExecutionRoleArn);
      await cloud.storage.transaction(() => {
        if (store.models.get(name) !== undefined) throw validationError(`Cannot create already existing model "${arn}".`);
        void store.models.put(name, { name, arn, request, created: cloud.clock.now() });
      });
      await tagStore.add(arn, Tags);
      return { ModelArn: arn };
    },
    DescribeModel: (input: Sdk.DescribeModelCommandInput) => describe(store.model(input.ModelName)),
    DeleteModel: async (input: Sdk.DeleteModelCommandInput) => {
      const { name, arn } = store.model(input.ModelName);
      await store.models.remove(name);
      await tagStore.remove(arn);
      return {};
    },
    ListModels: (input: Sdk.ListModelsCommandInput) => {
      const records = [...store.models.entries()].map(({ value }) => value);
      const { items, next } = listPage(records, input);
      const Models = items.map(({ name, arn, created }) => ({ ModelName: name, ModelArn: arn, CreationTime: new Date(created) }));
      return { Models, ...next };
    },
  };
}
