import type * as z from 'zod';

/** A framework image that AWS keeps, for training and serving, on CPU and GPU. */
export interface ManagedImage {
  readonly repository: string;
  readonly tag: string;
  /** Account that holds the repository, by region. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** A parameter that a single run may override. */
export interface OverridableParameter {
  /** Name of the parameter of the pipeline. */
  readonly pipeline: string;
  readonly type: 'Integer' | 'Float';
  /** Name of the hyperparameter of the training job. */
  readonly hyperparameter: string;
}

/**
 * How a model is learned; containers/<name>/ holds `train.py` and `scorer.py`.
 *
 * @typeParam P parameters in a model's training block
 */
export interface Algorithm<P = unknown> {
  readonly name: string;
  /** Members of the training block. */
  readonly parameters: Readonly<Record<string, z.ZodType>>;
  /** Tasks that it can learn. */
  readonly tasks: readonly string[];
  readonly image: ManagedImage;
  /** By parameter of the training block. */
  readonly overridable: Readonly<Record<string, OverridableParameter>>;
  /** Overridable parameters with which next to nothing is learned: a challenger that gates must refuse. */
  readonly weakest: Readonly<Record<string, number>>;
  /** The line of a training job's log that says how far it is: SageMaker's metric definition. */
  readonly progress: { readonly name: string; readonly regex: string };

  /** Parameters in the names of the training job; SageMaker wants strings. */
  hyperparameters(parameters: P): Record<string, string>;
}
