from serving import CONTAINER, ROLE, VARIANT, in_service
from steps import call, fails, wait

# What the endpoints of the module for SageMaker are made of is there already.
ENDPOINT = {'EndpointName': 'asked'}

STEPS = [
    call('CreateModel', service='sagemaker', ModelName='asked', ExecutionRoleArn=ROLE, PrimaryContainer=CONTAINER),
    call('CreateEndpointConfig', service='sagemaker', EndpointConfigName='asked', ProductionVariants=[{**VARIANT, 'ModelName': 'asked'}]),
    call('CreateEndpoint', service='sagemaker', **ENDPOINT, EndpointConfigName='asked'),
    wait('DescribeEndpoint', in_service, service='sagemaker', **ENDPOINT),
    call('InvokeEndpoint', **ENDPOINT, Body=b'1,2', ContentType='text/csv'),
    fails('ModelError', 'InvokeEndpoint', **ENDPOINT, Body=b'fail', ContentType='text/csv'),
    fails('ValidationError', 'InvokeEndpoint', EndpointName='none', Body=b'1', ContentType='text/csv'),
]
