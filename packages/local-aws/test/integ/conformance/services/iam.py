import json

from steps import call, fails

TRUST = json.dumps(
    {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'lambda.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
)
POLICY = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 's3:GetObject', 'Resource': '*'}]})
ROLE = 'conformance'
ARN = 'arn:aws:iam::000000000000:policy/conformance'
OTHER = 'arn:aws:iam::000000000000:policy/none'

STEPS = [
    call('CreateRole', RoleName=ROLE, AssumeRolePolicyDocument=TRUST, Tags=[{'Key': 'a', 'Value': 'b'}]),
    fails('EntityAlreadyExists', 'CreateRole', RoleName=ROLE, AssumeRolePolicyDocument=TRUST),
    fails('MalformedPolicyDocument', 'CreateRole', RoleName='bad', AssumeRolePolicyDocument='{}'),
    call('GetRole', RoleName=ROLE),
    fails('NoSuchEntity', 'GetRole', RoleName='none'),
    call('ListRoles'),
    call('UpdateRole', RoleName=ROLE, Description='d'),
    call('UpdateAssumeRolePolicy', RoleName=ROLE, PolicyDocument=TRUST),
    call('TagRole', RoleName=ROLE, Tags=[{'Key': 'c', 'Value': 'd'}]),
    call('PutRolePolicy', RoleName=ROLE, PolicyName='inline', PolicyDocument=POLICY),
    call('GetRolePolicy', RoleName=ROLE, PolicyName='inline'),
    call('ListRolePolicies', RoleName=ROLE),
    call('CreatePolicy', PolicyName='conformance', PolicyDocument=POLICY),
    call('GetPolicy', PolicyArn=ARN),
    call('GetPolicyVersion', PolicyArn=ARN, VersionId='v1'),
    call('CreatePolicyVersion', PolicyArn=ARN, PolicyDocument=POLICY, SetAsDefault=True),
    fails('NoSuchEntity', 'GetPolicy', PolicyArn=OTHER),
    call('AttachRolePolicy', RoleName=ROLE, PolicyArn=ARN),
    call('ListAttachedRolePolicies', RoleName=ROLE),
    call('PutRolePermissionsBoundary', RoleName=ROLE, PermissionsBoundary=ARN),
    call('DeleteRolePermissionsBoundary', RoleName=ROLE),
    fails('DeleteConflict', 'DeleteRole', RoleName=ROLE),
    call('DetachRolePolicy', RoleName=ROLE, PolicyArn=ARN),
    call('DeleteRolePolicy', RoleName=ROLE, PolicyName='inline'),
    call('DeleteRole', RoleName=ROLE),
    call('DeletePolicy', PolicyArn=ARN),
]
