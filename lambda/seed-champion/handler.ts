import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import * as z from 'zod';
import { MODEL_KEYS } from '../../core/naming';
import { type Champion, digestSchema } from '../../core/promotion';
import type { Champions } from '../adapters/champions';
import type { ModelHistory } from '../adapters/model-history';

const propertiesSchema = z.object({
  Model: z.string(),
  BaselineBucket: z.string(),
  BaselineKey: z.string(),
  BaselineDigest: digestSchema,
  Removal: z.enum(['retain', 'destroy']),
});

export interface SeedDependencies {
  readonly champions: Champions & { remove(model: string): Promise<void> };
  readonly history: Pick<ModelHistory, 'append'>;
  /** Copies an object into the models bucket and gives its address. */
  readonly adopt: (bucket: string, key: string, target: string) => Promise<string>;
  readonly now: () => number;
}

export interface SeedAnswer {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** Sets the champion pointer of a model to its day-0 baseline, unless a trained champion holds it. */
export function makeSeed({ champions, history, adopt, now }: SeedDependencies) {
  return async (event: CloudFormationCustomResourceEvent): Promise<SeedAnswer> => {
    const properties = propertiesSchema.parse(event.ResourceProperties);
    const { Model: model, BaselineDigest: digest } = properties;
    const PhysicalResourceId = `champion-${model}`;
    if (event.RequestType === 'Delete') {
      if (properties.Removal === 'destroy') await champions.remove(model);
      return { PhysicalResourceId };
    }
    const current = await champions.get(model);
    const isTrained = current !== undefined && current.version !== '0';
    if (isTrained || current?.digest === digest) return { PhysicalResourceId, Data: { Version: current.version } };
    const key = MODEL_KEYS.baseline(model, digest);
    const modelDataUrl = await adopt(properties.BaselineBucket, properties.BaselineKey, key);
    const at = new Date(now()).toISOString();
    const champion: Champion = { version: '0', modelDataUrl, digest, promotedAt: at };
    await champions.put(model, champion);
    await history.append({ model, at, event: 'baseline-deployed', version: '0', reason: 'day-0 baseline' }, `baseline-${digest}`);
    return { PhysicalResourceId, Data: { Version: '0' } };
  };
}
