import json

from steps import call, fails, wait

STACK = {'StackName': 'conformance'}
SET = {**STACK, 'ChangeSetName': 'first'}
TEMPLATE = json.dumps(
    {
        'Resources': {'P': {'Type': 'AWS::SSM::Parameter', 'Properties': {'Name': '/conformance', 'Type': 'String', 'Value': '1'}}},
        'Outputs': {'Name': {'Value': {'Ref': 'P'}, 'Export': {'Name': 'conformance'}}},
    }
)
ROLE = {'Type': 'AWS::IAM::Role', 'Properties': {'AssumeRolePolicyDocument': {'Version': '2012-10-17', 'Statement': []}}}
NEEDS_IAM = json.dumps({'Resources': {'R': ROLE}})


def stack_is(status):
    return lambda answer: answer['Stacks'][0]['StackStatus'] == status


def set_is(status):
    return lambda answer: answer['Status'] == status


STEPS = [
    call('GetTemplateSummary', TemplateBody=TEMPLATE),
    fails('ValidationError', 'GetTemplateSummary', TemplateBody='{}'),
    call('ValidateTemplate', TemplateBody=NEEDS_IAM),
    fails('ValidationError', 'ValidateTemplate', TemplateBody='{}'),
    call('CreateChangeSet', **SET, ChangeSetType='CREATE', TemplateBody=TEMPLATE),
    wait('DescribeChangeSet', set_is('CREATE_COMPLETE'), **SET),
    fails('ChangeSetNotFound', 'DescribeChangeSet', **STACK, ChangeSetName='none'),
    call('ListChangeSets', **STACK),
    call('ExecuteChangeSet', **SET),
    wait('DescribeStacks', stack_is('CREATE_COMPLETE'), **STACK),
    fails('ValidationError', 'DescribeStacks', StackName='none'),
    call('DescribeStackResource', **STACK, LogicalResourceId='P'),
    fails('ValidationError', 'DescribeStackResource', **STACK, LogicalResourceId='none'),
    fails('AlreadyExistsException', 'CreateChangeSet', **STACK, ChangeSetName='again', ChangeSetType='CREATE', TemplateBody=TEMPLATE),
    fails('InsufficientCapabilitiesException', 'CreateChangeSet', **STACK, ChangeSetName='iam', ChangeSetType='UPDATE', TemplateBody=NEEDS_IAM),
    call('CreateChangeSet', **STACK, ChangeSetName='same', ChangeSetType='UPDATE', TemplateBody=TEMPLATE),
    wait('DescribeChangeSet', set_is('FAILED'), **STACK, ChangeSetName='same'),
    fails('InvalidChangeSetStatus', 'ExecuteChangeSet', **STACK, ChangeSetName='same'),
    call('DeleteChangeSet', **STACK, ChangeSetName='same'),
    call('DescribeStackEvents', **STACK),
    call('DescribeStackResources', **STACK),
    call('ListStackResources', **STACK),
    call('ListStacks'),
    call('ListExports'),
    call('GetTemplate', **STACK),
    call('UpdateTerminationProtection', **STACK, EnableTerminationProtection=True),
    fails('ValidationError', 'DeleteStack', **STACK),
    call('UpdateTerminationProtection', **STACK, EnableTerminationProtection=False),
    call('DeleteStack', **STACK),
    call('CreateStack', StackName='direct', TemplateBody=TEMPLATE),
    wait('DescribeStacks', stack_is('CREATE_COMPLETE'), StackName='direct'),
    call('UpdateStack', StackName='direct', TemplateBody=TEMPLATE.replace('"1"', '"2"')),
]
