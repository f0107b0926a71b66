/** Who makes a call: the identity behind a verified signature, or an AWS service acting for itself. */
export interface Caller {
  readonly kind: 'root' | 'user' | 'assumed-role' | 'service';
  /** `arn:aws:sts::<acct>:assumed-role/<role>/<session>` for roles, `arn:aws:iam::<acct>:root`, or `<service>.amazonaws.com`. */
  readonly arn: string;
  readonly account: string;
  readonly accessKeyId?: string;
  /** ARN of the role behind an assumed-role session. */
  readonly roleArn?: string;
  /** Session policy (JSON text) that narrows what the role's policies allow. */
  readonly sessionPolicy?: string;
  /** Service that acts in the role, which the role's trust policy must admit; absent for credentials that STS gave out. */
  readonly assumedBy?: { readonly service: string; readonly sourceArn?: string };
  /** Of a service's call: ARN of the resource for which it acts (`aws:SourceArn`). */
  readonly sourceArn?: string;
  /** Service (`s3`) that passes a caller's request on in the caller's name. */
  readonly via?: string;
}

/** The same caller, whose request a service passes on to another. */
export function forwarded(caller: Caller, via: string): Caller {
  return { ...caller, via };
}
