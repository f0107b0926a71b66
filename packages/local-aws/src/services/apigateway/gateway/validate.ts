import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import type { MethodRecord, ModelRecord, Snapshot, ValidatorRecord } from '../records';
import { badRequest } from '../store';
import type { Exchange } from './exchange';
import { GatewayFailure } from './response-types';
import { reader } from './template';

/** A schema of draft 4 as ajv reads it: exclusive bounds are numbers there, and ids are not resolved here. */
function modernize(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(modernize);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: Record<string, unknown> = {};
  const source = schema as Record<string, unknown>;
  for (const [name, value] of Object.entries(source)) {
    if (name === '$schema' || (name === 'id' && typeof value === 'string')) continue;
    result[name] = name === 'enum' || name === 'default' ? value : modernize(value);
  }
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof source[flag] !== 'boolean') continue;
    delete result[flag];
    if (source[flag] === true) {
      result[flag] = source[bound];
      delete result[bound];
    }
  }
  return result;
}

function parseSchema(model: ModelRecord): object {
  try {
    const schema: unknown = modernize(JSON.parse(model.schema));
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema;
  } catch {
    // Said below.
  }
  throw badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]`);
}

const modelUrl = (api: string, name: string): string => `https://apigateway.amazonaws.com/restapis/${api}/models/${name}`;

function newAjv(): Ajv {
  return new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false, verbose: true });
}

/** Checks that a model's schema can be used. Throws `BadRequestException` if not. */
export function compileModel(model: ModelRecord): void {
  const schema = parseSchema(model);
  if (newAjv().validateSchema(schema) !== true)
    throw badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified]`);
}

const quoted = (names: readonly unknown[]): string => `[${names.map((name) => JSON.stringify(name)).join(',')}]`;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

/** One error in the words of the validator that API Gateway uses. */
function words(error: ErrorObject, all: readonly ErrorObject[]): string {
  const { keyword, params, data } = error;
  const same = all.filter(
    (other) => other.keyword === keyword && other.schemaPath === error.schemaPath && other.instancePath === error.instancePath,
  );
  switch (keyword) {
    case 'required':
      return `object has missing required properties (${quoted(same.map((other) => String(other.params.missingProperty)).sort())})`;
    case 'additionalProperties':
      return `object instance has properties which are not allowed by the schema: ${quoted(same.map((other) => String(other.params.additionalProperty)).sort())}`;
    case 'type':
      return `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${quoted([params.type].flat())})`;
    case 'enum':
      return `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${quoted(params.allowedValues as unknown[])})`;
    default:
      return `${error.instancePath === '' ? 'instance' : error.instancePath} ${error.message ?? 'is not valid'}`;
  }
}

function validationString(errors: readonly ErrorObject[]): string {
  return `[${[...new Set(errors.map((error) => words(error, errors)))].join(', ')}]`;
}

/** Request validation of one method: required parameters, and the body by the model of its content type. */
export class RequestValidation {
  private readonly required: readonly { readonly name: string; readonly read: ReturnType<typeof reader> }[];
  private readonly models: ReadonlyMap<string, ValidateFunction>;

  constructor(snapshot: Snapshot, validator: ValidatorRecord, method: MethodRecord) {
    const names = Object.entries(method.requestParameters ?? {}).flatMap(([name, required]) => (required ? [name] : []));
    this.required = validator.validateRequestParameters
      ? names.map((name) => ({ name: name.split('.').slice(3).join('.'), read: reader(name) }))
      : [];
    this.models = validator.validateRequestBody ? compileModels(snapshot, method) : new Map();
  }

  /** Whether the body has to be read for this. */
  get needsBody(): boolean {
    return this.models.size > 0;
  }

  /** Throws the gateway's 400 if a required parameter is missing. */
  checkParameters(exchange: Exchange): void {
    const missing = this.required.filter(({ read }) => String(read(exchange) ?? '').trim() === '').map(({ name }) => name);
    if (missing.length > 0)
      throw new GatewayFailure('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${missing.join(', ')}]`);
  }

  /** Throws the gateway's 400 if the body does not fit its model; a content type without a model is not validated. */
  checkBody(contentType: string, body: Buffer): void {
    const validate = this.models.get(contentType) ?? this.models.get('$default');
    if (validate === undefined) return;
    let value: unknown;
    try {
      value = JSON.parse(body.toString());
    } catch {
      throw new GatewayFailure('BAD_REQUEST_BODY', 'Invalid request body', {
        validation: '[Unable to parse the request body as JSON]',
      });
    }
    if (validate(value)) return;
    throw new GatewayFailure('BAD_REQUEST_BODY', 'Invalid request body', { validation: validationString(validate.errors ?? []) });
  }
}

function compileModels(snapshot: Snapshot, method: MethodRecord): Map<string, ValidateFunction> {
  const ajv = newAjv();
  for (const model of snapshot.models) ajv.addSchema(parseSchema(model), modelUrl(snapshot.api.id, model.name));
  const compiled = new Map<string, ValidateFunction>();
  for (const [contentType, name] of Object.entries(method.requestModels ?? {})) {
    if (name === 'Empty' || name === 'Error') continue;
    const validate = ajv.getSchema(modelUrl(snapshot.api.id, name));
    if (validate !== undefined) compiled.set(contentType.toLowerCase(), validate);
  }
  return compiled;
}
