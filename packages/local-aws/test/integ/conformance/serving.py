"""A model that answers what it is asked, and what an endpoint of it needs."""

import json

from archive import tarred
from steps import call

ROLE = 'arn:aws:iam::000000000000:role/sagemaker-conformance'
IMAGE = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5'
INFERENCE = """
def model_fn(folder):
    return folder
def input_fn(body, content_type):
    return body
def predict_fn(data, model):
    if data == 'fail':
        raise ValueError('bad row')
    return data
def output_fn(prediction, accept):
    return prediction, 'text/plain'
"""
CONTAINER = {
    'Image': IMAGE,
    'ModelDataUrl': 's3://sagemaker-conformance/model.tar.gz',
    'Environment': {'SAGEMAKER_PROGRAM': 'inference.py', 'SAGEMAKER_SUBMIT_DIRECTORY': '/opt/ml/model'},
}
VARIANT = {'VariantName': 'champion', 'ModelName': 'conformance', 'InstanceType': 'ml.m5.large', 'InitialInstanceCount': 1}
ENDPOINT = {'EndpointName': 'conformance'}
TRUST = json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'sagemaker.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
)
WORK = json.dumps(
    {
        'Version': '2012-10-17',
        'Statement': [{'Effect': 'Allow', 'Action': ['s3:*', 'logs:*', 'sagemaker:*', 'iam:PassRole', 'cloudwatch:*'], 'Resource': '*'}],
    }
)

PREPARATION = [
    call('CreateRole', service='iam', RoleName='sagemaker-conformance', AssumeRolePolicyDocument=TRUST),
    call('PutRolePolicy', service='iam', RoleName='sagemaker-conformance', PolicyName='work', PolicyDocument=WORK),
    call('CreateBucket', service='s3', Bucket='sagemaker-conformance', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    call('PutObject', service='s3', Bucket='sagemaker-conformance', Key='model.tar.gz', Body=tarred(inference_py=INFERENCE)),
]


def in_service(answer):
    return answer['EndpointStatus'] == 'InService'
