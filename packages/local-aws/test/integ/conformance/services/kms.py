from steps import call, fails, last

KEY = last('CreateKey', 'KeyMetadata', 'KeyId')
POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"}]}'
)
GRANTEE = 'arn:aws:iam::000000000000:role/grantee'
NONE = '00000000-0000-0000-0000-000000000000'

STEPS = [
    call('CreateKey', Description='first'),
    call('Encrypt', KeyId=KEY, Plaintext=b'secret', EncryptionContext={'a': 'b'}),
    fails('InvalidCiphertextException', 'Decrypt', CiphertextBlob=b'x' * 100),
    fails('InvalidCiphertextException', 'Decrypt', CiphertextBlob=last('Encrypt', 'CiphertextBlob'), EncryptionContext={'a': 'c'}),
    call('Decrypt', CiphertextBlob=last('Encrypt', 'CiphertextBlob'), EncryptionContext={'a': 'b'}),
    call('GenerateDataKey', KeyId=KEY, KeySpec='AES_256'),
    call('GenerateDataKeyWithoutPlaintext', KeyId=KEY, KeySpec='AES_256'),
    call('DescribeKey', KeyId=KEY),
    fails('NotFoundException', 'DescribeKey', KeyId=NONE),
    fails('ValidationException', 'Encrypt', KeyId=KEY, Plaintext=b'x' * 4097),
    call('ListKeys'),
    call('CreateAlias', AliasName='alias/conformance', TargetKeyId=KEY),
    call('ListAliases', KeyId=KEY),
    fails('AlreadyExistsException', 'CreateAlias', AliasName='alias/conformance', TargetKeyId=KEY),
    call('UpdateAlias', AliasName='alias/conformance', TargetKeyId=KEY),
    call('DeleteAlias', AliasName='alias/conformance'),
    call('GetKeyPolicy', KeyId=KEY, PolicyName='default'),
    call('PutKeyPolicy', KeyId=KEY, PolicyName='default', Policy=POLICY),
    call('CreateGrant', KeyId=KEY, GranteePrincipal=GRANTEE, Operations=['Decrypt']),
    call('ListGrants', KeyId=KEY),
    call('RevokeGrant', KeyId=KEY, GrantId=last('CreateGrant', 'GrantId')),
    fails('NotFoundException', 'RevokeGrant', KeyId=KEY, GrantId=last('CreateGrant', 'GrantId')),
    call('CreateGrant', KeyId=KEY, GranteePrincipal=GRANTEE, Operations=['Decrypt']),
    call('RetireGrant', GrantToken=last('CreateGrant', 'GrantToken')),
    call('EnableKeyRotation', KeyId=KEY),
    call('GetKeyRotationStatus', KeyId=KEY),
    call('DisableKeyRotation', KeyId=KEY),
    call('UpdateKeyDescription', KeyId=KEY, Description='second'),
    call('DisableKey', KeyId=KEY),
    fails('DisabledException', 'Encrypt', KeyId=KEY, Plaintext=b'x'),
    call('EnableKey', KeyId=KEY),
    call('ScheduleKeyDeletion', KeyId=KEY, PendingWindowInDays=7),
    fails('KMSInvalidStateException', 'Encrypt', KeyId=KEY, Plaintext=b'x'),
    call('CancelKeyDeletion', KeyId=KEY),
    call('EnableKey', KeyId=KEY),
    call('Encrypt', KeyId=KEY, Plaintext=b'secret'),
    call('CreateKey'),
    fails('IncorrectKeyException', 'Decrypt', KeyId=KEY, CiphertextBlob=last('Encrypt', 'CiphertextBlob')),
]
