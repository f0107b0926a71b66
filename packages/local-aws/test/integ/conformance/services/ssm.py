from steps import call, fails

STEPS = [
    call('PutParameter', Name='/c/one', Value='1', Type='String'),
    fails('ParameterAlreadyExists', 'PutParameter', Name='/c/one', Value='1', Type='String'),
    call('PutParameter', Name='/c/one', Value='2', Type='String', Overwrite=True),
    fails('ParameterPatternMismatchException', 'PutParameter', Name='/c/two', Value='x', Type='String', AllowedPattern='^y$'),
    fails('UnsupportedParameterType', 'PutParameter', Name='/c/two', Value='x', Type='SecureString'),
    fails('ValidationException', 'PutParameter', Name='/c/two', Value='x', Type='Number'),
    call('GetParameter', Name='/c/one'),
    fails('ParameterNotFound', 'GetParameter', Name='/c/none'),
    call('GetParameters', Names=['/c/one', '/c/none']),
    call('GetParametersByPath', Path='/c', Recursive=True),
    call('DeleteParameter', Name='/c/one'),
    fails('ParameterNotFound', 'DeleteParameter', Name='/c/one'),
    call('DeleteParameters', Names=['/c/one']),
]
