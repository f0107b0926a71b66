import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ConsumerClient } from '../../core/api';
import type { Platform } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { WildcardExplanation } from '../policy/wildcards';
import { arnOf } from '../shared/arns';
import type { Issuers } from './issuers';

export interface ConsumerParametersProps {
  readonly platform: Platform;
  readonly names: Names;
  readonly issuers: Issuers;
}

/** What explains the wildcard of reading consumers, for the role that gets it. */
export const CONSUMER_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /\/api\/consumers\/\*$/, reason: 'Consumers come and go; the path holds nothing else.' },
];

/** One parameter per consumer that tells the authorizer which client of which issuer it is: as many as there are consumers. */
export class ConsumerParameters extends Construct {
  private readonly path: string;

  constructor(scope: Construct, id: string, { platform, names, issuers }: ConsumerParametersProps) {
    super(scope, id);
    this.path = names.consumersPath;
    for (const consumer of platform.consumers) {
      const issuer = issuers.of(consumer);
      const { id: clientId, usageKey } = issuer.client(consumer);
      const value: ConsumerClient = { consumer: consumer.name, usageKey };
      new CfnParameter(this, consumer.name, {
        name: `${this.path}/${issuer.rules.name}/${clientId}`,
        description: consumer.description,
        type: 'String',
        value: Stack.of(this).toJsonString(value),
      });
    }
  }

  /** Read which client is which consumer. */
  grantRead(grantee: IGrantable): void {
    const resource = arnOf('ssm', `parameter${this.path}`);
    Grant.addToPrincipal({ grantee, actions: ['ssm:GetParametersByPath'], resourceArns: [resource, `${resource}/*`] });
  }
}
