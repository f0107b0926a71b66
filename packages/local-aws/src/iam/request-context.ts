import type { Caller } from '../cloud';
import type { Context } from './policy/patterns';
import type { Right } from './rights';

export interface Surroundings {
  readonly account: string;
  readonly region: string;
  /** Simulated epoch ms. */
  readonly now: number;
}

const TYPES: Readonly<Record<Caller['kind'], string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  service: 'Service',
};

/** Service of a right, e.g. `kms`. */
function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

/**
 * Condition keys and values of a request, keys in lower case. Source: IAM User Guide, "AWS global condition context keys".
 * The connection to the local AWS is loopback and counts as secure transport.
 */
export function requestContext(caller: Caller, right: Right, { account, region, now }: Surroundings): Context {
  const context = new Map<string, readonly string[]>();
  const set = (key: string, value: string | readonly string[] | undefined): void => {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  };
  const isService = caller.kind === 'service';
  set('aws:SecureTransport', 'true');
  set('aws:CurrentTime', new Date(now).toISOString());
  set('aws:EpochTime', String(Math.floor(now / 1000)));
  set('aws:RequestedRegion', region);
  set('aws:ResourceAccount', account);
  set('aws:PrincipalIsAWSService', String(isService));
  set('aws:ViaAWSService', String(caller.via !== undefined));
  if (isService) {
    set('aws:PrincipalServiceName', caller.arn);
    set('aws:SourceArn', caller.sourceArn);
    set('aws:SourceAccount', caller.account);
  } else {
    set('aws:PrincipalArn', caller.roleArn ?? caller.arn);
    set('aws:PrincipalAccount', caller.account);
    set('aws:PrincipalType', TYPES[caller.kind]);
    set('aws:username', caller.kind === 'user' ? caller.arn.slice(caller.arn.lastIndexOf('/') + 1) : undefined);
    set('aws:SourceIp', caller.via === undefined && caller.assumedBy === undefined ? '127.0.0.1' : undefined);
  }
  if (caller.via !== undefined) {
    set('aws:CalledVia', [`${caller.via}.amazonaws.com`]);
    set('aws:CalledViaFirst', `${caller.via}.amazonaws.com`);
    set('aws:CalledViaLast', `${caller.via}.amazonaws.com`);
    if (serviceOf(right.action) === 'kms') set('kms:ViaService', `${caller.via}.${region}.amazonaws.com`);
  }
  for (const [key, value] of Object.entries(right.context ?? {})) set(key, value);
  return context;
}
