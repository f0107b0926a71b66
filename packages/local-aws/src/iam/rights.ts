import type { Caller } from './caller';

export type ContextValue = string | readonly string[];

/** One right that an operation asks of its caller. */
export interface Right {
  /** `dynamodb:GetItem`. */
  readonly action: string;
  /** ARN; `*` for an action without resources. */
  readonly resource: string;
  /** Condition keys of the service for this request, e.g. `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, ContextValue>>;
}

/** Where and by whom a right is asked. */
export interface Scope {
  readonly account: string;
  readonly region: string;
  readonly caller: Caller;
}

// biome-ignore lint/suspicious/noExplicitAny: inputs of all operations share one registry; each is typed by its SDK command.
export type Input = any;

/** The rights that an operation with this input asks for; all of them must be allowed. None: anybody who is known may call it. */
export type RightsOf = (input: Input, scope: Scope) => readonly Right[];
export type Rights = Readonly<Record<string, RightsOf>>;

type Resources = (input: Input, scope: Scope) => string | readonly string[];

/** Operations (names divided by blanks) whose action has their own name, and the resources that they are about. */
export function actionsOn(prefix: string, groups: readonly (readonly [operations: string, resources: Resources])[]): Rights {
  const rights: Record<string, RightsOf> = {};
  for (const [operations, resources] of groups) {
    for (const operation of operations.trim().split(/\s+/)) {
      const action = `${prefix}:${operation}`;
      rights[operation] = (input, scope) =>
        [resources(input, scope)].flat().map((resource: string | undefined) => ({ action, resource: resource ?? '*' }));
    }
  }
  return rights;
}

/** For actions that have no resources. */
export const ANY: Resources = () => '*';

/** `arn:aws:<service>:<region>:<account>:<rest>`. */
export function arnOf(service: string, { region, account }: Scope, rest: string): string {
  return `arn:aws:${service}:${region}:${account}:${rest}`;
}

/** A resource that is given by its name or already by its ARN. */
export function named(service: string, kind: string, reference: string | undefined, scope: Scope): string {
  const text = reference ?? '';
  return text.startsWith('arn:') ? text : arnOf(service, scope, `${kind}${text}`);
}

/** The right to hand a role to a service; none when no role is given. */
export function passRole(role: string | undefined, service: string): readonly Right[] {
  if (role === undefined || role === '') return [];
  return [{ action: 'iam:PassRole', resource: role, context: { 'iam:PassedToService': `${service}.amazonaws.com` } }];
}
