import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Names } from '../../core/naming';
import type { WildcardExplanation } from '../policy/wildcards';
import { arnOf } from '../shared/arns';

/** What explains the wildcards in the grants below, for the roles that get them. */
export const POINTER_WILDCARDS: readonly WildcardExplanation[] = [
  {
    pattern: /:parameter\/[^/]+\/[^/]+\/\*\/(champion|champion\/\*|freeze)$/,
    reason: "The pointers of the stage's models have one form; a list would grow with the models.",
  },
];

/** The champion pointers and freeze switches of a stage's models: parameters that the functions write and the endpoints resolve. */
export class ChampionPointers {
  constructor(private readonly names: Names) {}

  /** Read what serves. */
  grantRead(grantee: IGrantable): void {
    this.grant(grantee, ['ssm:GetParameter'], [this.names.championParameter('*')]);
  }

  /** Read and move what serves. */
  grantWrite(grantee: IGrantable): void {
    this.grant(grantee, ['ssm:GetParameter', 'ssm:PutParameter'], this.pointers);
  }

  /** Make and take away the pointers of models that come and go. */
  grantSeed(grantee: IGrantable): void {
    this.grant(grantee, ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:DeleteParameters'], this.pointers);
  }

  /** Read whether a model is frozen. */
  grantReadFreeze(grantee: IGrantable): void {
    this.grant(grantee, ['ssm:GetParameter'], [this.names.freezeParameter('*')]);
  }

  private get pointers(): string[] {
    return [this.names.championParameter('*'), `${this.names.championParameter('*')}/*`];
  }

  private grant(grantee: IGrantable, actions: string[], parameters: readonly string[]): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: parameters.map((name) => arnOf('ssm', `parameter${name}`)) });
  }
}
