import { NormalizedSchema } from '@smithy/core/schema';

/** One operation of a service as the AWS SDK's schemas describe it. */
export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Names of required input members. */
  readonly required: readonly string[];
  readonly http?: { readonly method: string; readonly uri: string; readonly status: number };
}

export type Protocol = 'json' | 'query' | 'rest-json' | 'rest-xml';

export interface Codec {
  createSerializer(): { write(schema: unknown, value: unknown): void; flush(): string | Uint8Array };
  createDeserializer(): { read(schema: unknown, data: unknown): unknown };
}

/** A service's wire model, read from the schemas and the protocol object that its SDK package ships. */
export interface SdkModel {
  readonly protocol: Protocol;
  readonly jsonVersion: '1.0' | '1.1';
  readonly target: string;
  readonly xmlNamespace: string;
  readonly queryCompatible: boolean;
  readonly codec: Codec | undefined;
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** Modelled errors by name: HTTP status, and the code that query clients see. */
  readonly errors: ReadonlyMap<string, { readonly status: number; readonly queryCode: string }>;
}

type StaticOperation = readonly [9, string, string, { http?: [string, string, number] } | number, unknown, unknown];
type StaticStructure = readonly [number, string, string, unknown, string[], unknown[], number?];

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  AwsJson1_0Protocol: 'json',
  AwsJson1_1Protocol: 'json',
  AwsQueryProtocol: 'query',
  AwsRestJsonProtocol: 'rest-json',
  AwsRestXmlProtocol: 'rest-xml',
  S3RestXmlProtocol: 'rest-xml',
};

function readOperation(schema: StaticOperation): OperationModel {
  const input = NormalizedSchema.of(schema[4] as never);
  const shape = input.isStructSchema() ? (input.getSchema() as unknown as StaticStructure) : undefined;
  const http = typeof schema[3] === 'object' ? schema[3].http : undefined;
  return {
    name: schema[2],
    input,
    output: NormalizedSchema.of(schema[5] as never),
    required: shape?.[4]?.slice(0, shape[6] ?? 0) ?? [],
    ...(http === undefined ? {} : { http: { method: http[0], uri: http[1], status: http[2] } }),
  };
}

/** `named` says whether the service answers with the status of its model: those that speak AWS's JSON answer 400 to all that a client got wrong. */
function readError(schema: StaticStructure, named: boolean): { status: number; queryCode: string } {
  const traits = NormalizedSchema.of(schema as never).getMergedTraits() as {
    httpError?: number;
    error?: string;
    awsQueryError?: [string, number];
  };
  const status = named ? (traits.awsQueryError?.[1] ?? traits.httpError) : undefined;
  return {
    status: status ?? (traits.error === 'server' ? 500 : 400),
    queryCode: traits.awsQueryError?.[0] ?? schema[2],
  };
}

function clientConfig(sdk: Record<string, unknown>): { protocol: { codec?: Codec } & object; settings: Record<string, unknown> } {
  const found = Object.entries(sdk).find(
    ([name, value]) => /Client$/.test(name) && name !== '__Client' && typeof value === 'function',
  );
  if (found === undefined) throw new Error('the SDK package exports no client');
  const Client = found[1] as new (
    options: object,
  ) => { config: { protocol: { codec?: Codec } & object; protocolSettings?: Record<string, unknown> } };
  const { config } = new Client({ region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } });
  return { protocol: config.protocol, settings: config.protocolSettings ?? {} };
}

/** Namespace of the SDK's own base classes of errors, which no service answers. */
const BASE_CLASSES = 'smithy.ts.sdk.synthetic';

const loaded = new Map<string, SdkModel>();

/** Loads the model of an SDK package (once per process; large packages take some 100 ms). */
export function sdkModel(packageName: string): SdkModel {
  const known = loaded.get(packageName);
  if (known !== undefined) return known;
  const sdk = require(packageName) as Record<string, unknown>;
  const { protocol, settings } = clientConfig(sdk);
  const kind = PROTOCOLS[protocol.constructor.name];
  if (kind === undefined) throw new Error(`${packageName}: unknown protocol ${protocol.constructor.name}`);
  const queryCompatible = settings.awsQueryCompatible !== undefined && settings.awsQueryCompatible !== false;
  const operations = new Map<string, OperationModel>();
  const errors = new Map<string, { status: number; queryCode: string }>();
  for (const [name, value] of Object.entries(sdk)) {
    if (!name.endsWith('$') || !Array.isArray(value)) continue;
    if (value[0] === 9) operations.set(value[2], readOperation(value as unknown as StaticOperation));
    else if (value[0] === -3 && !String(value[1]).startsWith(BASE_CLASSES))
      errors.set(value[2], readError(value as unknown as StaticStructure, kind !== 'json' || queryCompatible));
  }
  const model: SdkModel = {
    protocol: kind,
    jsonVersion: protocol.constructor.name === 'AwsJson1_0Protocol' ? '1.0' : '1.1',
    target: String(settings.serviceTarget ?? ''),
    xmlNamespace: String(settings.xmlNamespace ?? ''),
    queryCompatible,
    codec: protocol.codec,
    operations,
    errors,
  };
  loaded.set(packageName, model);
  return model;
}
