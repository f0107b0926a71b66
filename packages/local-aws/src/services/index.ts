import type { Cloud, ResourceType, Service } from '../cloud';
import type { Authorizer } from '../iam/authorizer';
import type { Identities } from '../iam/identities';
import { apigateway } from './apigateway';
import { applicationAutoScaling } from './application-autoscaling';
import { athena } from './athena';
import { budgets } from './budgets';
import { cloudFormation } from './cloudformation';
import { cloudwatch } from './cloudwatch';
import { cognitoIdp } from './cognito-idp';
import { dynamodb } from './dynamodb';
import { ecr } from './ecr';
import { events } from './events';
import { firehose } from './firehose';
import { glue } from './glue';
import { iam } from './iam';
import { kinesis } from './kinesis';
import { kms } from './kms';
import { lambda } from './lambda';
import { logs } from './logs';
import { s3 } from './s3';
import { sagemaker } from './sagemaker';
import { sagemakerFeatureStoreRuntime } from './sagemaker-featurestore-runtime';
import { sagemakerRuntime } from './sagemaker-runtime';
import { scheduler } from './scheduler';
import { sns } from './sns';
import { sqs } from './sqs';
import { ssm } from './ssm';
import { sts } from './sts';
import { wafv2 } from './wafv2';

/** Every service of the local AWS, made for one cloud. CloudFormation asks all of them for their resource handlers. */
export function createServices(
  cloud: Cloud & { readonly identities: Identities; readonly authorizer: Authorizer },
): readonly Service[] {
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
    glue,
    athena,
    firehose,
    sagemaker,
    sagemakerRuntime,
    sagemakerFeatureStoreRuntime,
    cognitoIdp,
    wafv2,
    apigateway,
    cloudwatch,
    sqs,
    sns,
    events,
    scheduler,
    applicationAutoScaling,
    budgets,
  ].map((factory) => factory(cloud));
  const handlers = (): readonly ResourceType[] => services.flatMap((service) => service.resources ?? []);
  return [...services, sts(cloud), cloudFormation(cloud, handlers)];
}
