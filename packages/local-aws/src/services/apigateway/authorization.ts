import { type Input, passRole, type Right, type Rights, type RightsOf, type Scope } from '../../iam/rights';
import { sdkModel } from '../../wire/sdk-model';

/** Path of a request: the members that its URI names, filled in. */
function path(uri: string, input: Input): string {
  return (uri.split('?')[0] ?? '').replace(/\{(\w+)\+?\}/g, (_, member: string) => String(input[member] ?? '*'));
}

/** Roles that an integration or the account's settings hand to API Gateway. */
function roles(input: Input): readonly Right[] {
  const patched = ((input.patchOperations ?? []) as Input[]).filter(({ path: of }) => of === '/cloudwatchRoleArn');
  return [input.credentials, ...patched.map(({ value }) => value)].flatMap((role) =>
    String(role ?? '').startsWith('arn:aws:iam:') ? passRole(role, 'apigateway') : [],
  );
}

/**
 * Rights of API Gateway's control plane: the HTTP method is the action and the path the resource.
 * Source: Service Authorization Reference, "Amazon API Gateway Management".
 */
export function apiGatewayRights(sdk: string, operations: readonly string[]): Rights {
  return Object.fromEntries(
    operations.map((name): [string, RightsOf] => {
      const http = sdkModel(sdk).operations.get(name)?.http;
      if (http === undefined) throw new Error(`the SDK has no operation ${name}`);
      return [
        name,
        (input: Input, { region }: Scope) => [
          { action: `apigateway:${http.method}`, resource: `arn:aws:apigateway:${region}::${path(http.uri, input)}` },
          ...roles(input),
        ],
      ];
    }),
  );
}
