import json

from steps import call, fails

TRUST = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': '000000000000'}, 'Action': 'sts:AssumeRole'}]})
ROLE = 'arn:aws:iam::000000000000:role/assumed'

STEPS = [
    call('CreateRole', service='iam', RoleName='assumed', AssumeRolePolicyDocument=TRUST),
    call('GetCallerIdentity'),
    call('AssumeRole', RoleArn=ROLE, RoleSessionName='session'),
    fails('ValidationError', 'AssumeRole', RoleArn=ROLE, RoleSessionName='a b'),
    fails('ValidationError', 'AssumeRole', RoleArn=ROLE),
    fails('MalformedPolicyDocument', 'AssumeRole', RoleArn=ROLE, RoleSessionName='session', Policy='{}'),
    fails('PackedPolicyTooLarge', 'AssumeRole', RoleArn=ROLE, RoleSessionName='session', Policy=' ' * 2048 + '{}'),
]
