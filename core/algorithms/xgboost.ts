import * as z from 'zod';
import type { Algorithm } from './algorithm';

const parameters = {
  /** Boosting rounds. */
  rounds: z.int().min(1).max(10_000),
  depth: z.int().min(1).max(16),
  learningRate: z.number().gt(0).max(1),
  subsample: z.number().gt(0).max(1),
  minChildWeight: z.number().min(0),
  seed: z.int().min(0),
};
export type XgboostParameters = z.infer<z.ZodObject<typeof parameters>>;

/** Gradient-boosted trees in script mode, on the image that AWS manages (XGBoost 3.0.5; the Python environment pins the same). */
export const xgboostAlgorithm = {
  name: 'xgboost',
  parameters,
  tasks: ['binary-classification'],
  image: {
    repository: 'sagemaker-xgboost',
    tag: '3.0-5',
    // Image tables of the SageMaker Python SDK 2.257. A region that is missing fails at deployment with the name of the mapping.
    accounts: {
      'us-east-1': '683313688378',
      'us-east-2': '257758044811',
      'us-west-1': '746614075791',
      'us-west-2': '246618743249',
      'ca-central-1': '341280168497',
      'sa-east-1': '737474898029',
      'eu-west-1': '141502667606',
      'eu-west-2': '764974769150',
      'eu-west-3': '659782779980',
      'eu-central-1': '492215442770',
      'eu-north-1': '662702820516',
      'ap-south-1': '720646828776',
      'ap-southeast-1': '121021644041',
      'ap-southeast-2': '783357654285',
      'ap-northeast-1': '354813040037',
      'ap-northeast-2': '366743142698',
    },
  },
  overridable: {
    rounds: { pipeline: 'NumRound', type: 'Integer', hyperparameter: 'num_round' },
    depth: { pipeline: 'MaxDepth', type: 'Integer', hyperparameter: 'max_depth' },
  },
  weakest: { rounds: 1, depth: 1 },
  progress: { name: 'validation:auc', regex: 'validation:auc=([0-9.]+)' },
  hyperparameters: ({ rounds, depth, learningRate, subsample, minChildWeight, seed }) => ({
    num_round: String(rounds),
    max_depth: String(depth),
    eta: String(learningRate),
    subsample: String(subsample),
    min_child_weight: String(minChildWeight),
    seed: String(seed),
  }),
} as const satisfies Algorithm<XgboostParameters>;

const DEFAULTS: XgboostParameters = {
  rounds: 300,
  depth: 6,
  learningRate: 0.05,
  subsample: 1,
  minChildWeight: 1,
  seed: 2013,
};

/** Gradient-boosted trees. */
export function xgboost<const O extends Partial<XgboostParameters>>(options: O) {
  return { algorithm: 'xgboost' as const, ...DEFAULTS, ...options };
}
