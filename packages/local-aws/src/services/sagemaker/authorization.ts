import {
  ANY,
  actionsOn,
  arnOf,
  type Input,
  passRole,
  type Right,
  type Rights,
  type RightsOf,
  type Scope,
} from '../../iam/rights';

type Arn = (input: Input, scope: Scope) => string;

/** ARN of a resource given by its name (in lower case, as SageMaker writes it) or by its ARN. */
function resource(kind: string, reference: string | undefined, scope: Scope): string {
  const text = reference ?? '';
  return text.startsWith('arn:') ? text : arnOf('sagemaker', scope, `${kind}/${text.toLowerCase()}`);
}

const by =
  (kind: string, member: string): Arn =>
  (input, scope) =>
    resource(kind, input[member], scope);

const trainingJob = by('training-job', 'TrainingJobName');
const processingJob = by('processing-job', 'ProcessingJobName');
const pipeline = by('pipeline', 'PipelineName');
const packageGroup = by('model-package-group', 'ModelPackageGroupName');
const modelPackage = by('model-package', 'ModelPackageName');
const model = by('model', 'ModelName');
const endpointConfig = by('endpoint-config', 'EndpointConfigName');
const endpoint = by('endpoint', 'EndpointName');
const featureGroup = by('feature-group', 'FeatureGroupName');
const execution: Arn = ({ PipelineExecutionArn }) => PipelineExecutionArn ?? '*';

/** Use of a customer's key for a new resource: SageMaker makes a grant for itself in the caller's name. */
function keyGrant(key: string | undefined, scope: Scope): readonly Right[] {
  if (key === undefined) return [];
  const arn = key.startsWith('arn:') ? key : arnOf('kms', scope, key.startsWith('alias/') ? key : `key/${key}`);
  const context = { 'kms:ViaService': `sagemaker.${scope.region}.amazonaws.com`, 'kms:CallerAccount': scope.account };
  return [
    { action: 'kms:CreateGrant', resource: arn, context: { ...context, 'kms:GrantIsForAWSResource': 'true' } },
    { action: 'kms:DescribeKey', resource: arn, context },
  ];
}

/** A creation: the action itself, the role that is handed over, and tagging where tags are given. */
function creates(
  action: string,
  arns: readonly Arn[],
  also: (input: Input, scope: Scope) => readonly Right[] = () => [],
): RightsOf {
  return (input, scope) => {
    const [own = '*', ...rest] = arns.map((arn) => arn(input, scope));
    const tagged = (input.Tags ?? []).length > 0 ? [{ action: 'sagemaker:AddTags', resource: own }] : [];
    return [
      ...[own, ...rest].map((target) => ({ action: `sagemaker:${action}`, resource: target })),
      ...passRole(input.RoleArn ?? input.ExecutionRoleArn, 'sagemaker'),
      ...also(input, scope),
      ...tagged,
    ];
  };
}

/** Versions of a group have no name yet when they are made. */
const newPackage: Arn = ({ ModelPackageGroupName, ModelPackageName }, scope) =>
  ModelPackageGroupName === undefined
    ? resource('model-package', ModelPackageName, scope)
    : resource('model-package', `${String(ModelPackageGroupName).replace(/^arn:.*\//, '')}/*`, scope);

/** Rights of SageMaker's control plane. Source: Service Authorization Reference, "Amazon SageMaker". */
export const sageMakerRights: Rights = {
  ...actionsOn('sagemaker', [
    ['AddTags ListTags DeleteTags', ({ ResourceArn }: Input) => ResourceArn ?? '*'],
    ['DescribeTrainingJob StopTrainingJob', trainingJob],
    ['DescribeProcessingJob StopProcessingJob', processingJob],
    ['DescribePipeline DeletePipeline StartPipelineExecution ListPipelineExecutions', pipeline],
    [
      `StopPipelineExecution RetryPipelineExecution DescribePipelineExecution ListPipelineExecutionSteps
       ListPipelineParametersForExecution DescribePipelineDefinitionForExecution`,
      execution,
    ],
    [
      `DescribeModelPackageGroup DeleteModelPackageGroup PutModelPackageGroupPolicy GetModelPackageGroupPolicy
       DeleteModelPackageGroupPolicy`,
      packageGroup,
    ],
    ['DescribeModelPackage DeleteModelPackage', modelPackage],
    ['DescribeModel DeleteModel', model],
    ['DescribeEndpointConfig DeleteEndpointConfig', endpointConfig],
    ['DescribeEndpoint UpdateEndpointWeightsAndCapacities DeleteEndpoint', endpoint],
    ['DescribeFeatureGroup UpdateFeatureGroup DeleteFeatureGroup', featureGroup],
    [
      `ListTrainingJobs ListProcessingJobs ListPipelines ListModelPackageGroups ListModelPackages ListModels ListEndpointConfigs
       ListEndpoints ListFeatureGroups`,
      ANY,
    ],
  ]),
  CreateTrainingJob: creates('CreateTrainingJob', [trainingJob]),
  CreateProcessingJob: creates('CreateProcessingJob', [processingJob]),
  CreatePipeline: creates('CreatePipeline', [pipeline]),
  UpdatePipeline: creates('UpdatePipeline', [pipeline]),
  CreateModelPackageGroup: creates('CreateModelPackageGroup', [packageGroup]),
  CreateModelPackage: creates('CreateModelPackage', [newPackage]),
  UpdateModelPackage: ({ ModelPackageArn, ModelApprovalStatus }) => [
    {
      action: 'sagemaker:UpdateModelPackage',
      resource: ModelPackageArn ?? '*',
      ...(ModelApprovalStatus === undefined ? {} : { context: { 'sagemaker:ModelApprovalStatus': ModelApprovalStatus } }),
    },
  ],
  CreateModel: creates('CreateModel', [model]),
  CreateEndpointConfig: creates('CreateEndpointConfig', [endpointConfig], ({ KmsKeyId }, scope) => keyGrant(KmsKeyId, scope)),
  CreateEndpoint: creates('CreateEndpoint', [endpoint, endpointConfig]),
  UpdateEndpoint: creates('UpdateEndpoint', [endpoint, endpointConfig]),
  CreateFeatureGroup: creates('CreateFeatureGroup', [featureGroup], ({ OnlineStoreConfig }, scope) =>
    keyGrant(OnlineStoreConfig?.SecurityConfig?.KmsKeyId, scope),
  ),
};
