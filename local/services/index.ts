import type { Cloud, ResourceType, Service } from '../cloud';
import type { Identities } from '../iam/identities';
import { apigateway } from './apigateway';
import { cloudFormation } from './cloudformation';
import { cognitoIdp } from './cognito-idp';
import { dynamodb } from './dynamodb';
import { ecr } from './ecr';
import { iam } from './iam';
import { kinesis } from './kinesis';
import { kms } from './kms';
import { lambda } from './lambda';
import { logs } from './logs';
import { s3 } from './s3';
import { sagemaker } from './sagemaker';
import { ssm } from './ssm';
import { sts } from './sts';
import { wafv2 } from './wafv2';

/** Every service of the local AWS, made for one cloud. CloudFormation asks all of them for their resource handlers. */
export function createServices(cloud: Cloud & { readonly identities: Identities }): readonly Service[] {
  const services: Service[] = [
    iam,
    kms,
    s3,
    ssm,
    logs,
    ecr,
    lambda,
    kinesis,
    dynamodb,
    sagemaker,
    cognitoIdp,
    wafv2,
    apigateway,
  ].map((factory) => factory(cloud));
  const handlers = (): readonly ResourceType[] => services.flatMap((service) => service.resources ?? []);
  return [...services, sts(cloud), cloudFormation(cloud, handlers)];
}
