import { hyperparameters } from '../../../core/artefact';
import { platform } from '../../support/example-platform';

test('a job is told the parameters of its algorithm and those of its task', () => {
  const [model] = platform.models;
  if (model === undefined) throw new Error('the example has no model');

  expect(hyperparameters({ ...model, training: { ...model.training, rounds: 120, precisionTarget: 0.7 } })).toMatchObject({
    num_round: '120',
    precision_target: '0.7',
  });
});
