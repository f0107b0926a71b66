import * as z from 'zod';
import { ALGORITHMS } from '../algorithms';
import { nonEmpty } from '../non-empty';
import type { Task } from '../tasks';
import { durationSchema } from './duration';

const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be a SageMaker instance type such as ml.m5.xlarge');

/** Members of every training block. */
const trainingMembers = {
  /** Instance types per stage, in order of preference. */
  instanceTypes: z.record(z.string(), z.array(instanceType).min(1)),
  volumeGiB: z.int().min(1).max(1024).default(30),
  maxRuntime: durationSchema.default('2h'),
  spot: z.boolean().default(false),
  /** How far back the training rows reach. */
  window: durationSchema,
  /** How much of the newest labelled time is kept out of training to judge challengers. */
  holdout: durationSchema,
  /** Share of the training window, newest part, that is used for validation. */
  validationShare: z.number().gt(0).lt(0.5).default(0.15),
};

/** How a model of a task is trained: its algorithm's parameters, its task's members, and what every training needs. */
export function trainingSchema<const T extends Pick<Task, 'training'>>(task: T) {
  const block = <A extends (typeof ALGORITHMS)[number]>({ name, parameters }: A) =>
    z.strictObject({
      algorithm: z.literal<A['name']>(name),
      ...parameters,
      ...(task.training as T['training']),
      ...trainingMembers,
    });
  return z.discriminatedUnion('algorithm', nonEmpty(ALGORITHMS.map(block)), {
    error: `must name an algorithm: ${ALGORITHMS.map(({ name }) => name).join(', ')}`,
  });
}
