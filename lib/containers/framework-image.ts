import { Aws, CfnMapping, Fn, type Stack } from 'aws-cdk-lib';
import { ALGORITHMS, type AlgorithmName, algorithmOf } from '../../core/algorithms';
import { repositoryArn } from '../shared/arns';

/** A container image of the deployment's region. */
export interface FrameworkImage {
  /** Address by which the service pulls it. */
  readonly uri: string;
  /** What a role must be allowed to pull from. */
  readonly repositoryArn: string;
}

const MAPPING_ID = 'FrameworkImages';

/** The managed image of an algorithm: it trains and serves, on CPU and GPU. */
export function frameworkImage(stack: Stack, algorithm: AlgorithmName): FrameworkImage {
  const { repository, tag } = algorithmOf({ algorithm }).image;
  const account = accounts(stack).findInMap(Aws.REGION, algorithm);
  return {
    uri: Fn.join('', [account, '.dkr.ecr.', Aws.REGION, '.', Aws.URL_SUFFIX, `/${repository}:${tag}`]),
    repositoryArn: repositoryArn(account, repository),
  };
}

/** Accounts of the images by region and algorithm; a region that an algorithm lacks fails at deployment with the name of the mapping. */
function accounts(stack: Stack): CfnMapping {
  const existing = stack.node.tryFindChild(MAPPING_ID);
  if (existing instanceof CfnMapping) return existing;
  const mapping: Record<string, Record<string, string>> = {};
  for (const { name, image } of ALGORITHMS) {
    for (const [region, account] of Object.entries(image.accounts)) mapping[region] = { ...mapping[region], [name]: account };
  }
  return new CfnMapping(stack, MAPPING_ID, { mapping });
}
