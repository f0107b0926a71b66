import * as z from 'zod';
import type { Model, Platform, Scope, Source } from '../definition';
import { acceptedSchema, eventsRequestSchema, modelInfoSchema, outcomesRequestSchema } from './ingestion';
import { predictionRequestSchema, predictionResponseSchema } from './predictions';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, type ProblemCode } from './problem-details';

export type OpenApi = Readonly<Record<string, unknown>>;

export interface OpenApiContext {
  /** Base address of the API. */
  readonly server: string;
  readonly tokenUrl: string;
  readonly version: string;
  /** Name of a scope in tokens, e.g. `slipway/predict`. */
  readonly scopeName: (scope: Scope) => string;
}

const AUTH: readonly ProblemCode[] = ['missing_token', 'insufficient_scope', 'too_many_requests', 'jwks_unavailable', 'internal'];
const BODY: readonly ProblemCode[] = ['invalid_json', 'body_too_large', 'unsupported_media_type', 'schema_violation'];
const PREDICT: readonly ProblemCode[] = [...AUTH, ...BODY, 'not_found', 'model_error', 'model_not_ready', 'model_timeout'];

/** OpenAPI 3.1 document of the platform: one path per model and source, so that each has its own typed schemas. */
export function openApi(platform: Platform, context: OpenApiContext): OpenApi {
  const paths = Object.fromEntries([
    ...platform.models.flatMap((model) => modelPaths(model, context)),
    ...platform.sources.map((source) => sourcePath(source, context)),
    [
      '/v1/outcomes',
      {
        post: operation(
          'sendOutcomes',
          'Report what happened after predictions.',
          'outcomes:write',
          context,
          [...AUTH, ...BODY, 'not_found'],
          '202',
          acceptedSchema,
          outcomesRequestSchema(),
        ),
      },
    ],
    [
      '/healthz',
      { get: operation('health', 'Whether the API answers.', null, context, [], '200', z.object({ status: z.literal('ok') })) },
    ],
    [
      '/openapi.json',
      { get: operation('openapi', 'This document.', null, context, [], '200', z.looseObject({ openapi: z.string() })) },
    ],
  ]);
  return {
    openapi: '3.1.0',
    info: { title: platform.name, version: context.version, description: 'Predictions, events and outcomes.' },
    servers: [{ url: context.server }],
    paths,
    components: { securitySchemes: { token: tokenScheme(platform, context) }, schemas: { Problem: problemSchema() } },
  };
}

function sourcePath(source: Source, context: OpenApiContext): [string, unknown] {
  const post = operation(
    `send${pascal(source.name)}`,
    source.description,
    'events:write',
    context,
    [...AUTH, ...BODY],
    '202',
    acceptedSchema,
    eventsRequestSchema(source),
  );
  return [`/v1/events/${source.name}`, { post }];
}

function modelPaths(model: Model, context: OpenApiContext): [string, unknown][] {
  const name = pascal(model.name);
  return [
    [
      `/v1/models/${model.name}/predictions`,
      {
        post: operation(
          `predict${name}`,
          model.description,
          'predict',
          context,
          PREDICT,
          '200',
          predictionResponseSchema(model),
          predictionRequestSchema(model),
        ),
      },
    ],
    [
      `/v1/models/${model.name}`,
      {
        get: operation(
          `get${name}`,
          `The champion of ${model.name}.`,
          'models:read',
          context,
          [...AUTH, 'not_found'],
          '200',
          modelInfoSchema,
        ),
      },
    ],
  ];
}

function operation(
  operationId: string,
  summary: string,
  scope: Scope | null,
  context: OpenApiContext,
  problems: readonly ProblemCode[],
  status: '200' | '202',
  response: z.ZodType,
  request?: z.ZodType,
) {
  const body =
    request === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(request, 'input') } } } };
  return {
    operationId,
    summary,
    security: scope === null ? [] : [{ token: [context.scopeName(scope)] }],
    ...body,
    responses: {
      [status]: { description: 'Done', content: { 'application/json': { schema: jsonSchema(response, 'output') } } },
      ...problemResponses(problems),
    },
  };
}

function problemResponses(codes: readonly ProblemCode[]): Record<string, unknown> {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].toSorted((a, b) => a - b);
  const content = { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    statuses.map((status) => {
      const titles = codes.filter((code) => PROBLEMS[code].status === status).map((code) => `${code}: ${PROBLEMS[code].title}`);
      return [String(status), { description: titles.join('; '), content }];
    }),
  );
}

function problemSchema() {
  const violation = z.object({ pointer: z.string(), code: z.string(), message: z.string() });
  const codes = Object.keys(PROBLEMS);
  return jsonSchema(
    z.object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      code: z.enum(codes),
      detail: z.string().optional(),
      instance: z.string().optional(),
      request_id: z.string().optional(),
      violations: z.array(violation).optional(),
    }),
    'output',
  );
}

function tokenScheme(platform: Platform, context: OpenApiContext) {
  const scopes = [...new Set(platform.consumers.flatMap((consumer) => consumer.scopes))].toSorted();
  const named = Object.fromEntries(scopes.map((scope) => [context.scopeName(scope), scope]));
  return { type: 'oauth2', flows: { clientCredentials: { tokenUrl: context.tokenUrl, scopes: named } } };
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function pascal(name: string): string {
  return name
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
