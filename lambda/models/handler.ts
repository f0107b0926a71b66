import { openApi } from '../../core/api';
import { findConsumer, findModel, inputType, modelInputs, type Platform } from '../../core/definition';
import type { Names } from '../../core/naming';
import type { Champions } from '../adapters/champions';
import { type ApiAnswer, type ApiCall, ApiProblem } from '../runtime/api';

export interface ModelsDependencies {
  readonly platform: Platform;
  readonly names: Names;
  readonly champions: Pick<Champions, 'get'>;
  /** Status of an endpoint in SageMaker's words, e.g. `InService`. */
  readonly endpointStatus: (endpoint: string) => Promise<string>;
  /** Where the issuer gives tokens. */
  readonly tokenUrl: () => Promise<string>;
  readonly version: string;
}

const RETRY_SECONDS = 10;

/** `GET /v1/models/{model}`, `/healthz`, `/openapi.json`. */
export function makeModels(dependencies: ModelsDependencies): (call: ApiCall) => Promise<ApiAnswer> {
  const { platform, names, tokenUrl, version } = dependencies;
  return async (call) => {
    switch (call.route.operation) {
      case 'health':
        return { status: 200, body: { status: 'ok' } };
      case 'openapi':
        return {
          status: 200,
          body: openApi(platform, { server: call.server, tokenUrl: await tokenUrl(), version, scopeName: names.scope }),
        };
      case 'model':
        return describe(dependencies, call);
      default:
        throw new ApiProblem('not_found', `no operation '${call.route.operation}' here`);
    }
  };
}

async function describe({ platform, names, champions, endpointStatus }: ModelsDependencies, call: ApiCall): Promise<ApiAnswer> {
  const name = call.parameters.model ?? '';
  const model = findModel(platform, name);
  const allowed = findConsumer(platform, call.consumer)?.models.includes(name) === true;
  if (model === undefined || !allowed) throw new ApiProblem('not_found', `no model '${name}'`);
  const [champion, status] = await Promise.all([champions.get(name), endpointStatus(names.endpoint(name))]);
  if (champion === undefined) throw new ApiProblem('model_not_ready', 'the model has no champion yet', [], RETRY_SECONDS);
  const inputs = modelInputs(platform, model).map((input) => ({
    name: input.column,
    type: inputType(input),
    source: input.kind,
  }));
  const body = {
    model: name,
    description: model.description,
    version: champion.version,
    promoted_at: champion.promotedAt,
    digest: champion.digest,
    endpoint_status: status,
    inputs,
    request_id: call.requestId,
  };
  return { status: 200, body };
}
