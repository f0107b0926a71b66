import json

from archive import tarred
from serving import CONTAINER, ENDPOINT, IMAGE, PREPARATION, ROLE, VARIANT, in_service
from steps import call, fails, last, wait

REQUEST = 'a-token-of-at-least-thirty-two-characters'
TRAIN = "import os, pathlib; pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.txt').write_text('x'); print('auc=0.5')"
TRAINING = {
    'TrainingJobName': 'conformance',
    'RoleArn': ROLE,
    'AlgorithmSpecification': {'TrainingInputMode': 'File', 'TrainingImage': IMAGE, 'MetricDefinitions': [{'Name': 'auc', 'Regex': 'auc=([0-9.]+)'}]},
    'HyperParameters': {'sagemaker_program': '"train.py"', 'sagemaker_submit_directory': '"s3://sagemaker-conformance/source.tar.gz"'},
    'OutputDataConfig': {'S3OutputPath': 's3://sagemaker-conformance/out'},
    'ResourceConfig': {'InstanceCount': 1, 'InstanceType': 'ml.m5.xlarge', 'VolumeSizeInGB': 10},
    'StoppingCondition': {'MaxRuntimeInSeconds': 60},
}
CLUSTER = {'ClusterConfig': {'InstanceCount': 1, 'InstanceType': 'ml.m5.xlarge', 'VolumeSizeInGB': 10}}
PROCESSING = {
    'RoleArn': ROLE,
    'AppSpecification': {'ImageUri': IMAGE, 'ContainerEntrypoint': ['/bin/bash', '-ec', 'sleep 0.1']},
    'ProcessingResources': CLUSTER,
}
SLOW = {**PROCESSING, 'AppSpecification': {'ImageUri': IMAGE, 'ContainerEntrypoint': ['/bin/bash', '-ec', 'sleep 60']}}
BROKEN = {**PROCESSING, 'AppSpecification': {'ImageUri': IMAGE, 'ContainerEntrypoint': ['/bin/bash', '-ec', 'exit 3']}}


def definition(arguments):
    steps = [{'Name': 'Work', 'Type': 'Processing', 'Arguments': arguments}]
    parameters = [{'Name': 'Message', 'Type': 'String', 'DefaultValue': 'no'}]
    return json.dumps({'Version': '2020-12-01', 'Metadata': {}, 'Parameters': parameters, 'Steps': steps})


PIPELINE = {'PipelineName': 'conformance'}
EXECUTION = {'PipelineExecutionArn': last('StartPipelineExecution', 'PipelineExecutionArn')}
GROUP = {'ModelPackageGroupName': 'conformance'}
PACKAGE = last('CreateModelPackage', 'ModelPackageArn')
POLICY = json.dumps({'Version': '2012-10-17', 'Statement': []})
FEATURES = {
    'FeatureGroupName': 'control',
    'RecordIdentifierFeatureName': 'id',
    'EventTimeFeatureName': 'at',
    'FeatureDefinitions': [{'FeatureName': 'id', 'FeatureType': 'String'}, {'FeatureName': 'at', 'FeatureType': 'String'}],
    'OnlineStoreConfig': {'EnableOnlineStore': True},
}
GROUP_ARN = {'ResourceArn': 'arn:aws:sagemaker:eu-west-1:000000000000:model-package-group/conformance'}


def status_is_not(member, *states):
    return lambda answer: answer[member] not in states


STEPS = [
    *PREPARATION,
    call('PutObject', service='s3', Bucket='sagemaker-conformance', Key='source.tar.gz', Body=tarred(train_py=TRAIN)),
    # Jobs
    call('CreateTrainingJob', **TRAINING),
    fails('ResourceInUse', 'CreateTrainingJob', **TRAINING),
    fails('ValidationException', 'CreateTrainingJob', **{**TRAINING, 'TrainingJobName': 'a_b'}),
    wait('DescribeTrainingJob', status_is_not('TrainingJobStatus', 'InProgress'), TrainingJobName='conformance'),
    fails('ValidationException', 'DescribeTrainingJob', TrainingJobName='none'),
    call('ListTrainingJobs'),
    call('CreateTrainingJob', **{**TRAINING, 'TrainingJobName': 'stopped'}),
    call('StopTrainingJob', TrainingJobName='stopped'),
    wait('DescribeTrainingJob', status_is_not('TrainingJobStatus', 'InProgress', 'Stopping'), TrainingJobName='stopped'),
    call('CreateProcessingJob', ProcessingJobName='conformance', **PROCESSING),
    wait('DescribeProcessingJob', status_is_not('ProcessingJobStatus', 'InProgress'), ProcessingJobName='conformance'),
    call('ListProcessingJobs'),
    call('CreateProcessingJob', ProcessingJobName='stopped', **SLOW),
    call('StopProcessingJob', ProcessingJobName='stopped'),
    wait('DescribeProcessingJob', status_is_not('ProcessingJobStatus', 'InProgress', 'Stopping'), ProcessingJobName='stopped'),
    # Pipelines
    call('CreatePipeline', **PIPELINE, RoleArn=ROLE, ClientRequestToken=REQUEST, PipelineDefinition=definition(BROKEN)),
    call('DescribePipeline', **PIPELINE),
    fails('ResourceNotFound', 'DescribePipeline', PipelineName='none'),
    call('ListPipelines'),
    call('UpdatePipeline', **PIPELINE, PipelineDescription='d'),
    call('StartPipelineExecution', **PIPELINE, ClientRequestToken=REQUEST),
    wait('DescribePipelineExecution', status_is_not('PipelineExecutionStatus', 'Executing'), **EXECUTION),
    call('DescribePipelineDefinitionForExecution', **EXECUTION),
    call('ListPipelineExecutions', **PIPELINE),
    call('ListPipelineExecutionSteps', **EXECUTION),
    call('ListPipelineParametersForExecution', **EXECUTION),
    call('RetryPipelineExecution', **EXECUTION, ClientRequestToken=REQUEST),
    wait('DescribePipelineExecution', status_is_not('PipelineExecutionStatus', 'Executing'), **EXECUTION),
    call('UpdatePipeline', **PIPELINE, PipelineDefinition=definition(SLOW)),
    call('StartPipelineExecution', **PIPELINE, ClientRequestToken=f'{REQUEST}-2'),
    call('StopPipelineExecution', **EXECUTION, ClientRequestToken=REQUEST),
    wait('DescribePipelineExecution', status_is_not('PipelineExecutionStatus', 'Executing', 'Stopping'), **EXECUTION),
    call('DeletePipeline', **PIPELINE, ClientRequestToken=REQUEST),
    # Registry
    call('CreateModelPackageGroup', **GROUP),
    call('DescribeModelPackageGroup', **GROUP),
    call('ListModelPackageGroups'),
    call('PutModelPackageGroupPolicy', **GROUP, ResourcePolicy=POLICY),
    call('GetModelPackageGroupPolicy', **GROUP),
    call('DeleteModelPackageGroupPolicy', **GROUP),
    call('AddTags', **GROUP_ARN, Tags=[{'Key': 'a', 'Value': 'b'}]),
    call('ListTags', **GROUP_ARN),
    call('DeleteTags', **GROUP_ARN, TagKeys=['a']),
    call('CreateModelPackage', **GROUP),
    call('DescribeModelPackage', ModelPackageName=PACKAGE),
    call('ListModelPackages', **GROUP),
    call('UpdateModelPackage', ModelPackageArn=PACKAGE, ModelApprovalStatus='Approved'),
    fails('ConflictException', 'DeleteModelPackageGroup', **GROUP),
    call('DeleteModelPackage', ModelPackageName=PACKAGE),
    call('DeleteModelPackageGroup', **GROUP),
    # Endpoints
    call('CreateModel', ModelName='conformance', ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER),
    call('DescribeModel', ModelName='conformance'),
    call('ListModels'),
    call('CreateEndpointConfig', EndpointConfigName='conformance', ProductionVariants=[VARIANT]),
    call('DescribeEndpointConfig', EndpointConfigName='conformance'),
    call('ListEndpointConfigs'),
    call('CreateEndpoint', **ENDPOINT, EndpointConfigName='conformance'),
    wait('DescribeEndpoint', in_service, **ENDPOINT),
    call('ListEndpoints'),
    call('UpdateEndpointWeightsAndCapacities', **ENDPOINT, DesiredWeightsAndCapacities=[{'VariantName': 'champion', 'DesiredWeight': 2.0}]),
    wait('DescribeEndpoint', in_service, **ENDPOINT),
    call('CreateEndpointConfig', EndpointConfigName='second', ProductionVariants=[VARIANT]),
    call('UpdateEndpoint', **ENDPOINT, EndpointConfigName='second'),
    # Feature store
    call('CreateFeatureGroup', **FEATURES),
    fails('ResourceInUse', 'CreateFeatureGroup', **FEATURES),
    wait('DescribeFeatureGroup', status_is_not('FeatureGroupStatus', 'Creating'), FeatureGroupName='control'),
    fails('ResourceNotFound', 'DescribeFeatureGroup', FeatureGroupName='none'),
    call('UpdateFeatureGroup', FeatureGroupName='control', FeatureAdditions=[{'FeatureName': 'x', 'FeatureType': 'Integral'}]),
    call('ListFeatureGroups'),
    wait('DescribeFeatureGroup', lambda answer: answer['LastUpdateStatus']['Status'] == 'Successful', FeatureGroupName='control'),
    call('DeleteFeatureGroup', FeatureGroupName='control'),
    wait('DescribeEndpoint', in_service, **ENDPOINT),
    call('DeleteEndpoint', **ENDPOINT),
    call('DeleteEndpointConfig', EndpointConfigName='conformance'),
    call('DeleteModel', ModelName='conformance'),
]
