import { type PredictionInstance, predictionId, predictionRequestSchema, readBody } from '../../core/api';
import { findConsumer, findModel, type Model, type Platform } from '../../core/definition';
import { groupBy } from '../../core/group-by';
import type { Names } from '../../core/naming';
import { once } from '../../core/once';
import { type InputRow, inputRow, lookups, type PredictionEntry } from '../../core/serving';
import { taskOf } from '../../core/tasks';
import type { EventStream } from '../adapters/event-stream';
import type { RecordRequest, RecordsByEntity } from '../adapters/feature-records';
import type { ModelEndpoint } from '../adapters/model-endpoint';
import { type ApiAnswer, type ApiCall, ApiProblem, unavailable } from '../runtime/api';

export interface PredictDependencies {
  readonly platform: Platform;
  readonly names: Names;
  readonly features: { get(requests: readonly RecordRequest[]): Promise<ReadonlyMap<string, RecordsByEntity>> };
  readonly endpoint: ModelEndpoint;
  readonly log: EventStream;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** `POST /v1/models/{model}/predictions`. */
export function makePredict(dependencies: PredictDependencies): (call: ApiCall) => Promise<ApiAnswer> {
  const { platform, names, endpoint, log, now, newId } = dependencies;
  // Building a schema costs more than all else that is computed here.
  const schemaOf = once(predictionRequestSchema);
  return async (call) => {
    const model = modelOf(platform, call);
    const body = readBody(schemaOf(model), call.body, call.contentType);
    if (!body.ok) throw new ApiProblem(body.code, body.detail, body.violations);
    const at = now();
    const rows = await assemble(dependencies, model, body.value.instances, at);
    const answer = await endpoint.invoke({
      endpoint: names.endpoint(model.name),
      rows: rows.map(({ inputs }) => inputs),
      prediction: taskOf(model).prediction,
      requestId: call.requestId,
    });
    const predictions = rows.map((row, index): Predicted => {
      const [instance, prediction] = [body.value.instances[index], answer.predictions[index]];
      if (instance === undefined || prediction === undefined)
        throw new ApiProblem('model_error', `the model gave no prediction for instance ${index}`);
      return { id: predictionId(model.name, newId()), entity: String(instance[model.entity]), row, prediction };
    });
    const entries = predictions.map((it) => entryOf({ model, call, version: answer.model_version, at }, it));
    await log
      .put(entries.map((data) => ({ partitionKey: data.prediction_id, data })))
      .catch(unavailable('the prediction cannot be logged, so it is not given'));
    return { status: 200, body: answerOf(model, call, answer.model_version, predictions) };
  };
}

/** The model of the path, when it exists and the consumer may use it; another's model is not told apart from none. */
function modelOf(platform: Platform, call: ApiCall): Model {
  const name = call.parameters.model ?? '';
  const model = findModel(platform, name);
  const allowed = findConsumer(platform, call.consumer)?.models.includes(name) === true;
  if (model === undefined || !allowed) throw new ApiProblem('not_found', `no model '${name}'`);
  return model;
}

async function assemble(
  { platform, names, features }: PredictDependencies,
  model: Model,
  instances: readonly PredictionInstance[],
  now: number,
): Promise<InputRow[]> {
  const wanted = groupBy(
    instances.flatMap((instance) => lookups(platform, model, instance)),
    ({ group }) => names.featureGroup(group.name),
  );
  const requests = [...wanted].map(([group, items]) => ({ group, entities: items.map(({ entity }) => entity) }));
  const found = await features.get(requests).catch(unavailable('features cannot be read'));
  const rows = instances.map((instance) =>
    inputRow(platform, model, instance, (group, entity) => found.get(names.featureGroup(group.name))?.get(entity), now),
  );
  const violations = rows.flatMap(({ rejected }, index) =>
    rejected.map((id) => ({
      pointer: `/instances/${index}`,
      code: 'feature_missing',
      message: `feature ${id} has no fresh value`,
    })),
  );
  if (violations.length > 0)
    throw new ApiProblem('feature_missing', `${violations.length} required features are missing`, violations);
  return rows;
}

/** One instance with what the model said of it. */
interface Predicted {
  readonly id: string;
  readonly entity: string;
  readonly row: InputRow;
  /** Of the model's task. */
  readonly prediction: object;
}

interface PredictionContext {
  readonly model: Model;
  readonly call: ApiCall;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

function entryOf({ model, call, version, at }: PredictionContext, { id, entity, row, prediction }: Predicted): PredictionEntry {
  return {
    type: 'prediction',
    prediction_id: id,
    model: model.name,
    model_version: version,
    entity,
    consumer: call.consumer,
    request_id: call.requestId,
    occurred_at: new Date(at).toISOString(),
    inputs: JSON.stringify(row.inputs),
    ...taskOf(model).toLog(prediction),
  };
}

function answerOf(model: Model, call: ApiCall, version: string, predictions: readonly Predicted[]): object {
  return {
    model: model.name,
    model_version: version,
    request_id: call.requestId,
    predictions: predictions.map(({ id, entity, row, prediction }) => ({
      [model.entity]: entity,
      prediction_id: id,
      ...prediction,
      feature_ages: row.featureAges,
    })),
  };
}
