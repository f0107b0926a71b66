from steps import call, fails

STEPS = [
    call('CreateRepository', repositoryName='conformance'),
    fails('RepositoryAlreadyExistsException', 'CreateRepository', repositoryName='conformance'),
    fails('InvalidParameterException', 'CreateRepository', repositoryName='UPPER'),
    call('DescribeRepositories'),
    fails('RepositoryNotFoundException', 'DescribeRepositories', repositoryNames=['none']),
    call('DeleteRepository', repositoryName='conformance', force=True),
]
