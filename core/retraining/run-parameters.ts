import * as z from 'zod';
import { algorithmOf } from '../algorithms';
import type { Model } from '../definition';

/** What a person may change for one run: the overridable parameters of the model's algorithm, and the code to train with. */
export type RunParameters = Readonly<Record<string, string | number>>;

/** Packed sources in place of the deployed ones. Evaluation always runs the deployed code, so an experiment cannot judge itself. */
const SOURCE = { name: 'sourceUrl', pipeline: 'SourceUrl', schema: z.string().startsWith('s3://') } as const;

/** Schema of the changes that a model's runs accept; another name is refused. */
export function runParametersSchema({ training }: Model): z.ZodType<RunParameters> {
  const { overridable, parameters } = algorithmOf(training);
  const own = Object.keys(overridable).flatMap((name) => {
    const schema = parameters[name];
    return schema === undefined ? [] : [[name, schema.optional()] as const];
  });
  const shape = { ...Object.fromEntries(own), [SOURCE.name]: SOURCE.schema.optional() };
  return z.strictObject(shape).pipe(z.record(z.string(), z.union([z.string(), z.number()])));
}

/** Changes of a run in the names of the pipeline; its values are texts. */
export function pipelineOverrides({ training }: Model, parameters: RunParameters): Record<string, string> {
  const { overridable } = algorithmOf(training);
  const entries = Object.entries(parameters).map(([name, value]) => {
    const pipeline = name === SOURCE.name ? SOURCE.pipeline : overridable[name]?.pipeline;
    if (pipeline === undefined) throw new RangeError(`no parameter '${name}' of a run`);
    return [pipeline, String(value)] as const;
  });
  return Object.fromEntries(entries);
}
