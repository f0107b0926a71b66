from steps import call, fails

# The endpoint is that of the module for SageMaker's runtime.
TARGET = {
    'ServiceNamespace': 'sagemaker',
    'ResourceId': 'endpoint/asked/variant/champion',
    'ScalableDimension': 'sagemaker:variant:DesiredInstanceCount',
}
TRACKING = {'TargetValue': 100.0, 'PredefinedMetricSpecification': {'PredefinedMetricType': 'SageMakerVariantInvocationsPerInstance'}}
POLICY = {'PolicyName': 'track', 'PolicyType': 'TargetTrackingScaling', 'TargetTrackingScalingPolicyConfiguration': TRACKING}

STEPS = [
    call('RegisterScalableTarget', **TARGET, MinCapacity=1, MaxCapacity=2),
    fails('ValidationException', 'RegisterScalableTarget', **{**TARGET, 'ServiceNamespace': 'none'}, MinCapacity=1, MaxCapacity=2),
    call('DescribeScalableTargets', ServiceNamespace='sagemaker'),
    call('PutScalingPolicy', **TARGET, **POLICY),
    call('DescribeScalingPolicies', ServiceNamespace='sagemaker'),
    call('DescribeScalingActivities', ServiceNamespace='sagemaker'),
    call('DeleteScalingPolicy', **TARGET, PolicyName='track'),
    fails('ObjectNotFoundException', 'DeleteScalingPolicy', **TARGET, PolicyName='track'),
    call('DeregisterScalableTarget', **TARGET),
]
