/** A REST API without its parts. */
export interface ApiRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly created: number;
  readonly rootResourceId: string;
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
  readonly minimumCompressionSize?: number;
  readonly endpointConfiguration: { readonly types: readonly string[]; readonly vpcEndpointIds?: readonly string[] };
  /** Resource policy as JSON text. */
  readonly policy?: string;
  readonly disableExecuteApiEndpoint: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ResourceRecord {
  readonly id: string;
  readonly parentId?: string;
  readonly pathPart?: string;
  readonly path: string;
}

export interface IntegrationResponseRecord {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  readonly responseParameters?: Readonly<Record<string, string>>;
  readonly responseTemplates?: Readonly<Record<string, string>>;
}

export interface IntegrationRecord {
  readonly type: 'AWS_PROXY' | 'MOCK';
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly credentials?: string;
  readonly timeoutInMillis: number;
  readonly passthroughBehavior: string;
  readonly requestTemplates?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<string, IntegrationResponseRecord>>;
}

export interface MethodResponseRecord {
  readonly statusCode: string;
  readonly responseParameters?: Readonly<Record<string, boolean>>;
  readonly responseModels?: Readonly<Record<string, string>>;
}

export interface MethodRecord {
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly authorizationType: 'NONE' | 'CUSTOM';
  readonly authorizerId?: string;
  readonly apiKeyRequired: boolean;
  readonly operationName?: string;
  readonly requestValidatorId?: string;
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  /** Model name by content type. */
  readonly requestModels?: Readonly<Record<string, string>>;
  readonly responses: Readonly<Record<string, MethodResponseRecord>>;
  readonly integration?: IntegrationRecord;
}

export interface ModelRecord {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly description?: string;
  /** JSON schema (draft 4) as text. */
  readonly schema: string;
}

export interface ValidatorRecord {
  readonly id: string;
  readonly name: string;
  readonly validateRequestBody: boolean;
  readonly validateRequestParameters: boolean;
}

export interface AuthorizerRecord {
  readonly id: string;
  readonly name: string;
  readonly type: 'TOKEN' | 'REQUEST';
  readonly authorizerUri: string;
  readonly authorizerCredentials?: string;
  readonly identitySource?: string;
  readonly identityValidationExpression?: string;
  readonly authorizerResultTtlInSeconds: number;
}

export interface GatewayResponseRecord {
  readonly responseType: string;
  readonly statusCode?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

/** All that a deployment froze of its API. */
export interface Snapshot {
  readonly api: ApiRecord;
  readonly resources: readonly ResourceRecord[];
  readonly methods: readonly MethodRecord[];
  readonly models: readonly ModelRecord[];
  readonly validators: readonly ValidatorRecord[];
  readonly authorizers: readonly AuthorizerRecord[];
  readonly responses: readonly GatewayResponseRecord[];
}

export interface DeploymentRecord {
  readonly id: string;
  readonly description?: string;
  readonly created: number;
  readonly snapshot: Snapshot;
}

export interface MethodSetting {
  readonly metricsEnabled?: boolean;
  readonly loggingLevel?: string;
  readonly dataTraceEnabled?: boolean;
  readonly throttlingBurstLimit?: number;
  readonly throttlingRateLimit?: number;
  readonly cachingEnabled?: boolean;
}

export interface StageRecord {
  readonly stageName: string;
  readonly deploymentId: string;
  readonly description?: string;
  readonly created: number;
  readonly updated: number;
  readonly tracingEnabled: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** By `<resource path without leading slash, escaped>/<method>`, e.g. `*\/*` or `~1a/GET`. */
  readonly methodSettings: Readonly<Record<string, MethodSetting>>;
  readonly accessLogSettings?: { readonly destinationArn?: string; readonly format?: string };
  readonly tags: Readonly<Record<string, string>>;
}

export interface Throttle {
  readonly rateLimit?: number;
  readonly burstLimit?: number;
}

export interface PlanRecord {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly created: number;
  readonly throttle?: Throttle;
  readonly quota?: { readonly limit: number; readonly offset: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' };
  readonly apiStages: readonly {
    readonly apiId: string;
    readonly stage: string;
    /** By `<resource path>/<method>`, e.g. `/a/GET`. */
    readonly throttle?: Readonly<Record<string, Throttle>>;
  }[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface KeyRecord {
  readonly id: string;
  readonly value: string;
  readonly name?: string;
  readonly description?: string;
  readonly customerId?: string;
  readonly enabled: boolean;
  readonly created: number;
  readonly updated: number;
  readonly tags: Readonly<Record<string, string>>;
}
