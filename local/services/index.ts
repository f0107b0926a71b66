import type { Cloud, ResourceType, Service } from '../cloud';
import type { Identities } from '../iam/identities';
import { cloudFormation } from './cloudformation';
import { ecr } from './ecr';
import { iam } from './iam';
import { kms } from './kms';
import { logs } from './logs';
import { s3 } from './s3';
import { ssm } from './ssm';
import { sts } from './sts';

/** Every service of the local AWS, made for one cloud. CloudFormation asks all of them for their resource handlers. */
export function createServices(cloud: Cloud & { readonly identities: Identities }): readonly Service[] {
  const services: Service[] = [iam, kms, s3, ssm, logs, ecr].map((factory) => factory(cloud));
  const handlers = (): readonly ResourceType[] => services.flatMap((service) => service.resources ?? []);
  return [...services, sts(cloud), cloudFormation(cloud, handlers)];
}
