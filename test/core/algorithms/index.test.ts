import * as z from 'zod';
import { ALGORITHMS, algorithmOf, xgboost } from '../../../core/algorithms';
import { TASKS } from '../../../core/tasks';

test.each(ALGORITHMS.map((algorithm) => [algorithm.name, algorithm] as const))('%s is whole', (_, algorithm) => {
  expect(TASKS.map(({ name }) => name)).toEqual(expect.arrayContaining([...algorithm.tasks]));
  expect(Object.keys(algorithm.parameters)).toEqual(expect.arrayContaining(Object.keys(algorithm.overridable)));
  expect(() => new RegExp(algorithm.progress.regex)).not.toThrow();
  for (const account of Object.values(algorithm.image.accounts)) expect(account).toMatch(/^\d{12}$/);
});

test('parameters reach the training job in its own names, as texts', () => {
  const training = xgboost({ rounds: 120, learningRate: 0.1 });

  expect(algorithmOf(training).hyperparameters(training)).toEqual({
    num_round: '120',
    max_depth: '6',
    eta: '0.1',
    subsample: '1',
    min_child_weight: '1',
    seed: '2013',
  });
});

test('what an override sets is a hyperparameter of the job', () => {
  for (const algorithm of ALGORITHMS) {
    const training = xgboost({});
    const names = Object.keys(algorithmOf(training).hyperparameters(training));

    expect(names).toEqual(
      expect.arrayContaining(Object.values(algorithm.overridable).map(({ hyperparameter }) => hyperparameter)),
    );
  }
});

test('defaults lie within the schema', () => {
  const { algorithm: _, ...parameters } = xgboost({});

  expect(z.strictObject(algorithmOf(xgboost({})).parameters).safeParse(parameters).success).toBe(true);
});

test('an algorithm that does not exist is named with those that do', () => {
  expect(() => algorithmOf({ algorithm: 'oracle' as 'xgboost' })).toThrow("no algorithm 'oracle', allowed: xgboost");
});
