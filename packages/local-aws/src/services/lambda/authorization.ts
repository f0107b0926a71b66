import {
  ANY,
  actionsOn,
  arnOf,
  type Input,
  passRole,
  type Right,
  type Rights,
  type RightsOf,
  type Scope,
} from '../../iam/rights';
import type { MappingStore } from './mapping-store';
import { parseReference } from './store';

/** ARN of the function (or of a qualifier of it) that a reference means; one that cannot be read is left to the operation to refuse. */
function functionArn(reference: string | undefined, scope: Scope, qualifier?: string): string {
  try {
    const found = parseReference(reference ?? '', qualifier);
    const suffix = found.qualifier === undefined ? '' : `:${found.qualifier}`;
    return arnOf('lambda', scope, `function:${found.name}${suffix}`);
  } catch {
    return arnOf('lambda', scope, 'function:');
  }
}

const unqualified = (reference: string | undefined, scope: Scope): string =>
  functionArn(reference, scope).split(':').slice(0, 7).join(':');

/** Rights of Lambda's operations. Source: Service Authorization Reference, "AWS Lambda". */
export function lambdaRights(mappings: MappingStore): Rights {
  const mapping =
    (action: string): RightsOf =>
    ({ UUID }, scope) => {
      const name = mappings.mappings.get(UUID ?? '')?.functionName;
      return [
        {
          action: `lambda:${action}`,
          resource: arnOf('lambda', scope, `event-source-mapping:${UUID ?? ''}`),
          ...(name === undefined ? {} : { context: { 'lambda:FunctionArn': unqualified(name, scope) } }),
        },
      ];
    };
  const withRole =
    (action: string): RightsOf =>
    (input, scope) => [
      { action: `lambda:${action}`, resource: unqualified(input.FunctionName, scope) },
      ...passRole(input.Role, 'lambda'),
    ];
  const onMappings = (action: string, input: Input, scope: Scope): readonly Right[] => [
    {
      action: `lambda:${action}`,
      resource: '*',
      ...(input.FunctionName === undefined ? {} : { context: { 'lambda:FunctionArn': unqualified(input.FunctionName, scope) } }),
    },
  ];
  return {
    ...actionsOn('lambda', [
      [
        `DeleteFunction UpdateFunctionCode GetFunction GetFunctionConfiguration PutFunctionConcurrency GetFunctionConcurrency
         DeleteFunctionConcurrency PublishVersion ListVersionsByFunction CreateAlias UpdateAlias GetAlias DeleteAlias ListAliases
         AddPermission RemovePermission GetPolicy PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig
         GetFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig`,
        ({ FunctionName }: Input, scope) => unqualified(FunctionName, scope),
      ],
      ['TagResource UntagResource ListTags', ({ Resource }: Input) => Resource ?? '*'],
      ['ListFunctions', ANY],
    ]),
    CreateFunction: withRole('CreateFunction'),
    UpdateFunctionConfiguration: withRole('UpdateFunctionConfiguration'),
    Invoke: ({ FunctionName, Qualifier }, scope) => [
      { action: 'lambda:InvokeFunction', resource: functionArn(FunctionName, scope, Qualifier) },
    ],
    CreateEventSourceMapping: (input, scope) => onMappings('CreateEventSourceMapping', input, scope),
    ListEventSourceMappings: (input, scope) => onMappings('ListEventSourceMappings', input, scope),
    GetEventSourceMapping: mapping('GetEventSourceMapping'),
    UpdateEventSourceMapping: mapping('UpdateEventSourceMapping'),
    DeleteEventSourceMapping: mapping('DeleteEventSourceMapping'),
  };
}
