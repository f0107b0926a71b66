import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Names } from '../../core/naming';
import type { WildcardExplanation } from '../policy/wildcards';
import { arnOf, roleArnPrefix } from '../shared/arns';

/** What explains the wildcard of asking and describing endpoints. */
export const INVOKE_WILDCARDS: readonly WildcardExplanation[] = [
  { pattern: /:endpoint\/.*-\*$/, reason: "The stage's own endpoints share a prefix; a list would grow with them." },
];

/** What explains the wildcards of rolling out. */
export const ENDPOINT_WILDCARDS: readonly WildcardExplanation[] = [
  {
    pattern: /:(endpoint|model)\/.*-\*$/,
    reason: "The stage's own endpoints and models share a prefix; a list would grow with them.",
  },
  {
    pattern: /:endpoint-config\/.*\*$/,
    reason: 'Configurations are made per version, and read by the name the endpoint states.',
  },
  {
    pattern: /:role\/.*-serving$/,
    reason: "Roles of the stage's model servers have one form, and may be passed to SageMaker only.",
  },
];

/** The endpoints of a stage, and what may be done with all of them. */
export class EndpointFleet {
  constructor(
    private readonly names: Names,
    /** Key of the models' data class. */
    private readonly key: IKey,
  ) {}

  /** Ask the models for predictions. */
  grantInvoke(grantee: IGrantable): void {
    this.grant(grantee, ['sagemaker:InvokeEndpoint'], [this.endpoints]);
  }

  /** Read what is served. */
  grantDescribe(grantee: IGrantable): void {
    this.grant(grantee, ['sagemaker:DescribeEndpoint'], [this.endpoints]);
  }

  /** Roll versions out: the stage's own models, configurations and endpoints, in the roles of its model servers only. */
  grantRollOut(grantee: IGrantable): void {
    this.grant(grantee, ['sagemaker:CreateModel'], [arnOf('sagemaker', `model/${this.names.endpoint('*')}`)]);
    // What the endpoint serves before the first roll-out has a name of CloudFormation's.
    this.grant(grantee, ['sagemaker:DescribeEndpointConfig'], [arnOf('sagemaker', 'endpoint-config/*')]);
    const configs = arnOf('sagemaker', `endpoint-config/${this.names.endpoint('*')}`);
    this.grant(grantee, ['sagemaker:CreateEndpointConfig'], [configs]);
    this.grant(grantee, ['sagemaker:UpdateEndpoint'], [this.endpoints, configs]);
    this.grant(grantee, ['kms:DescribeKey'], [this.key.keyArn]);
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:CreateGrant'],
      resourceArns: [this.key.keyArn],
      conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    Grant.addToPrincipal({
      grantee,
      actions: ['iam:PassRole'],
      resourceArns: [`${roleArnPrefix()}${this.names.servingRole('*')}`],
      conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
    });
  }

  private get endpoints(): string {
    return arnOf('sagemaker', `endpoint/${this.names.endpoint('*')}`);
  }

  private grant(grantee: IGrantable, actions: string[], resourceArns: string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns });
  }
}
