import { Duration } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKey,
  ApiKeySourceType,
  EndpointType,
  IdentitySource,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type Period,
  RequestAuthorizer,
  type RequestValidator,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ROUTES, type Route } from '../../core/api';
import type { Consumer, Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { acknowledge } from '../shared/acknowledge';
import { managedPolicyInFinding } from '../shared/arns';
import { asRestApi } from '../shared/interfaces';
import { statefulRemoval } from '../shared/platform-stage';
import { GatewayProblems } from './gateway-problems';

export interface PlatformApiProps {
  /** Consumers, a plan each. */
  readonly platform: Platform;
  /** Throttle, CORS, log retention. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Key of the access log. */
  readonly logKey: IKey;
  /** Function that verifies tokens. */
  readonly authorizer: IFunction;
  /** Function of each route's operation. */
  readonly functions: Readonly<Record<Route['operation'], IFunction>>;
  /** Value of a consumer's API key; the authorizer names it, callers never send it. */
  readonly usageKey: (consumer: Consumer) => string;
}

/** How long a verdict on a token is remembered; at most a token's shortest lifetime (5 minutes). */
const AUTHORIZER_CACHE = Duration.minutes(5);
const STAGE_NAME = 'api';

const ACCESS_LOG = {
  requestId: AccessLogField.contextRequestId(),
  at: AccessLogField.contextRequestTime(),
  method: AccessLogField.contextHttpMethod(),
  path: AccessLogField.contextPath(),
  resource: AccessLogField.contextResourcePath(),
  status: AccessLogField.contextStatus(),
  bytes: AccessLogField.contextResponseLength(),
  latencyMs: AccessLogField.contextResponseLatency(),
  sourceIp: AccessLogField.contextIdentitySourceIp(),
  userAgent: AccessLogField.contextIdentityUserAgent(),
  consumer: AccessLogField.contextAuthorizer('consumer'),
  error: AccessLogField.contextErrorResponseType(),
} as const;

/** The REST API: one resource per route, an authorizer with cached verdicts, a plan per consumer, problems for every failure. */
export class PlatformApi extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: PlatformApiProps) {
    super(scope, id);
    this.api = this.createApi(props);
    new GatewayProblems(this, 'Problems', asRestApi(this.api));
    const authorizer = new RequestAuthorizer(this, 'Authorizer', {
      handler: props.authorizer,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: AUTHORIZER_CACHE,
    });
    const requestValidator = this.api.addRequestValidator('Validator', {
      requestValidatorName: 'body-and-parameters',
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    for (const route of ROUTES) this.addRoute(route, props, authorizer, requestValidator);
    for (const consumer of props.platform.consumers) this.addPlan(consumer, props.usageKey(consumer), props);
  }

  private createApi(props: PlatformApiProps): RestApi {
    const logGroup = new LogGroup(this, 'AccessLog', {
      encryptionKey: props.logKey,
      retention: props.stage.auditLogRetentionDays,
      removalPolicy: statefulRemoval(props.stage),
    });
    const { rate, burst } = props.stage.throttle;
    const { corsOrigins } = props.stage;
    const api = new RestApi(this, 'Resource', {
      restApiName: props.names.of('api'),
      description: `Predictions, events and outcomes of ${props.platform.name}, stage ${props.stage.name}`,
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      deployOptions: {
        stageName: STAGE_NAME,
        throttlingRateLimit: rate,
        throttlingBurstLimit: burst,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(corsOrigins.length === 0
        ? {}
        : {
            defaultCorsPreflightOptions: {
              allowOrigins: corsOrigins,
              allowMethods: ['GET', 'POST'],
              allowHeaders: ['authorization', 'content-type', 'x-request-id'],
              maxAge: Duration.hours(1),
            },
          }),
    });
    const role = api.node.tryFindChild('CloudWatchRole');
    if (role !== undefined) {
      const policy = managedPolicyInFinding('service-role/AmazonAPIGatewayPushToCloudWatchLogs');
      acknowledge(role, [
        [`AwsSolutions-IAM4[Policy::${policy}]`, 'The policy that AWS asks for, so that the gateway can write its logs.'],
      ]);
    }
    return api;
  }

  private addRoute(
    route: Route,
    props: PlatformApiProps,
    authorizer: RequestAuthorizer,
    requestValidator: RequestValidator,
  ): void {
    const segments = route.path.split('/').filter((segment) => segment !== '');
    const resource = segments.reduce<IResource>(
      (parent, segment) => parent.getResource(segment) ?? parent.addResource(segment),
      this.api.root,
    );
    const parameters = segments
      .filter((segment) => segment.startsWith('{'))
      .map((segment) => [`method.request.path.${segment.slice(1, -1)}`, true]);
    const integration = new LambdaIntegration(props.functions[route.operation], { allowTestInvoke: false });
    const method = resource.addMethod(route.method, integration, {
      operationName: route.operation,
      requestValidator,
      requestParameters: Object.fromEntries(parameters),
      ...(route.scope === null ? {} : { authorizer, apiKeyRequired: true }),
    });
    acknowledge(method, [
      ['AwsSolutions-COG4', 'Tokens are verified by our own stricter authorizer, which also names the plan of the consumer.'],
    ]);
    if (route.scope === null)
      acknowledge(method, [['AwsSolutions-APIG4', 'Health and contract are open to everyone; they tell nothing about data.']]);
  }

  private addPlan(consumer: Consumer, usageKey: string, props: PlatformApiProps): void {
    const { rate, burst, quota } = consumer.plan;
    const key = new ApiKey(this, `Key-${consumer.name}`, {
      apiKeyName: props.names.usagePlan(consumer.name),
      description: consumer.description,
      value: usageKey,
    });
    const plan = this.api.addUsagePlan(`Plan-${consumer.name}`, {
      name: props.names.usagePlan(consumer.name),
      description: `Plan of ${consumer.name}, owned by ${consumer.owner}`,
      apiStages: [{ api: asRestApi(this.api), stage: this.api.deploymentStage }],
      throttle: { rateLimit: rate, burstLimit: burst },
      ...(quota === undefined ? {} : { quota: { limit: quota.limit, period: quota.period as Period } }),
    });
    plan.addApiKey(key);
  }
}
