import json

from steps import call, fails, last

BUCKET = 'conformance'
CONTENT = {'Bucket': BUCKET, 'Key': 'a/b c.txt'}
UPLOAD = {'Bucket': BUCKET, 'Key': 'big', 'UploadId': last('CreateMultipartUpload', 'UploadId')}
READ = {'Effect': 'Allow', 'Principal': {'AWS': '000000000000'}, 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::conformance/*'}
POLICY = json.dumps({'Version': '2012-10-17', 'Statement': [READ]})
ENCRYPTION = {'Rules': [{'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'AES256'}}]}
LIFECYCLE = {'Rules': [{'ID': 'old', 'Status': 'Enabled', 'Filter': {'Prefix': 'x/'}, 'Expiration': {'Days': 1}}]}
IDLE = {'Status': 'Enabled', 'Filter': {'Prefix': ''}}
CORS = {'CORSRules': [{'AllowedMethods': ['GET'], 'AllowedOrigins': ['*']}]}
BLOCK = {'BlockPublicAcls': True, 'IgnorePublicAcls': True, 'BlockPublicPolicy': True, 'RestrictPublicBuckets': True}

STEPS = [
    call('CreateBucket', Bucket=BUCKET, CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    fails('BucketAlreadyOwnedByYou', 'CreateBucket', Bucket=BUCKET, CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    call('HeadBucket', Bucket=BUCKET),
    call('ListBuckets'),
    call('GetBucketLocation', Bucket=BUCKET),
    call('PutBucketVersioning', Bucket=BUCKET, VersioningConfiguration={'Status': 'Enabled'}),
    call('GetBucketVersioning', Bucket=BUCKET),
    call('PutBucketTagging', Bucket=BUCKET, Tagging={'TagSet': [{'Key': 'a', 'Value': 'b'}]}),
    call('GetBucketTagging', Bucket=BUCKET),
    call('PutBucketEncryption', Bucket=BUCKET, ServerSideEncryptionConfiguration=ENCRYPTION),
    call('GetBucketEncryption', Bucket=BUCKET),
    call('PutBucketPolicy', Bucket=BUCKET, Policy=POLICY),
    call('GetBucketPolicy', Bucket=BUCKET),
    call('DeleteBucketPolicy', Bucket=BUCKET),
    fails('NoSuchBucketPolicy', 'GetBucketPolicy', Bucket=BUCKET),
    call('PutBucketLifecycleConfiguration', Bucket=BUCKET, LifecycleConfiguration=LIFECYCLE),
    call('GetBucketLifecycleConfiguration', Bucket=BUCKET),
    call('DeleteBucketLifecycle', Bucket=BUCKET),
    fails('InvalidRequest', 'PutBucketLifecycleConfiguration', Bucket=BUCKET, LifecycleConfiguration={'Rules': [IDLE]}),
    fails('NoSuchLifecycleConfiguration', 'GetBucketLifecycleConfiguration', Bucket=BUCKET),
    call('PutBucketCors', Bucket=BUCKET, CORSConfiguration=CORS),
    call('GetBucketCors', Bucket=BUCKET),
    call('PutBucketLogging', Bucket=BUCKET, BucketLoggingStatus={'LoggingEnabled': {'TargetBucket': BUCKET, 'TargetPrefix': 'log/'}}),
    call('GetBucketLogging', Bucket=BUCKET),
    call('PutBucketNotificationConfiguration', Bucket=BUCKET, NotificationConfiguration={'EventBridgeConfiguration': {}}),
    call('GetBucketNotificationConfiguration', Bucket=BUCKET),
    call('PutBucketOwnershipControls', Bucket=BUCKET, OwnershipControls={'Rules': [{'ObjectOwnership': 'BucketOwnerEnforced'}]}),
    call('GetBucketOwnershipControls', Bucket=BUCKET),
    call('PutPublicAccessBlock', Bucket=BUCKET, PublicAccessBlockConfiguration=BLOCK),
    call('GetPublicAccessBlock', Bucket=BUCKET),
    call('PutObject', **CONTENT, Body=b'one', ContentType='text/plain', Metadata={'k': 'v'}),
    call('GetObject', **CONTENT, Range='bytes=0-1'),
    fails('NoSuchKey', 'GetObject', Bucket=BUCKET, Key='none'),
    fails('NoSuchBucket', 'GetObject', Bucket='nowhere', Key='none'),
    fails('PreconditionFailed', 'PutObject', **CONTENT, Body=b'two', IfNoneMatch='*'),
    fails('404', 'HeadObject', Bucket=BUCKET, Key='none'),
    call('HeadObject', **CONTENT),
    call('CopyObject', Bucket=BUCKET, Key='copy', CopySource=f'{BUCKET}/a/b c.txt'),
    call('ListObjects', Bucket=BUCKET),
    call('ListObjectsV2', Bucket=BUCKET, Delimiter='/'),
    call('ListObjectVersions', Bucket=BUCKET),
    call('CreateMultipartUpload', Bucket=BUCKET, Key='big'),
    call('UploadPart', **UPLOAD, PartNumber=1, Body=b'part'),
    call('CompleteMultipartUpload', **UPLOAD, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': last('UploadPart', 'ETag')}]}),
    call('CreateMultipartUpload', Bucket=BUCKET, Key='big'),
    call('UploadPartCopy', **UPLOAD, PartNumber=1, CopySource=f'{BUCKET}/a/b c.txt', CopySourceRange='bytes=0-1'),
    fails('InvalidArgument', 'UploadPartCopy', **UPLOAD, PartNumber=1, CopySource=f'{BUCKET}/a/b c.txt', CopySourceRange='bytes=0-999'),
    call('ListParts', **UPLOAD),
    call('ListMultipartUploads', Bucket=BUCKET),
    fails('NotImplemented', 'ListMultipartUploads', Bucket=BUCKET, Delimiter='/'),
    fails('NoSuchUpload', 'ListParts', Bucket=BUCKET, Key='big', UploadId='none'),
    call('AbortMultipartUpload', **UPLOAD),
    fails('NoSuchUpload', 'UploadPart', Bucket=BUCKET, Key='big', UploadId='none', PartNumber=1, Body=b'x'),
    call('CreateMultipartUpload', Bucket=BUCKET, Key='big'),
    call('AbortMultipartUpload', **UPLOAD),
    call('DeleteObject', **CONTENT),
    call('DeleteObjects', Bucket=BUCKET, Delete={'Objects': [{'Key': 'copy'}, {'Key': 'big'}]}),
    fails('BucketNotEmpty', 'DeleteBucket', Bucket=BUCKET),
    call('CreateBucket', Bucket='conformance-empty', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'}),
    call('DeleteBucket', Bucket='conformance-empty'),
]
