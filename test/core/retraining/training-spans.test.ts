import { trainingSpans } from '../../../core/retraining';
import { platform } from '../../support/example-platform';

test('the hold-out ends where every outcome is known, and training where the hold-out begins', () => {
  const model = platform.models[0];
  if (model === undefined) throw new Error('the example has no model');

  expect(trainingSpans(model, Date.UTC(2013, 3, 1, 0, 20))).toEqual({
    trainFrom: '2012-12-30T00:00:00.000Z',
    trainTo: '2013-03-16T00:00:00.000Z',
    holdoutFrom: '2013-03-16T00:00:00.000Z',
    holdoutTo: '2013-03-30T00:00:00.000Z',
  });
});
