import { Failure } from '../../../bin/cli/failure';
import { loopPlan } from '../../../bin/cli/loop-plan';

const history = { loader: 'load.py', from: '2020-01-01', startAt: '2020-04-01T00:00:00.000Z', until: '2020-12-31' };
const options = { step: '30m', every: '1' };

function problemsOf(given: object): string {
  try {
    loopPlan({ ...options, ...given }, history);
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('nothing is wrong');
}

test('without days it plays from where the clock begins', () => {
  expect(loopPlan(options, history)).toEqual({ from: '2020-04-01', to: '2020-04-18', stepMs: 1_800_000, every: 1 });
  expect(loopPlan({ ...options, from: '2020-02-20' }, history)).toMatchObject({ from: '2020-02-20', to: '2020-03-08' });
});

test('the last day that is recorded can be played', () => {
  expect(loopPlan({ ...options, from: '2020-12-30', to: '2020-12-31' }, history)).toMatchObject({ to: '2020-12-31' });
});

test.each([
  [{ from: 'April' }, "--from: must be a day such as 2020-04-01, given 'April'"],
  [{ from: '2020-02-30' }, "--from: must be a day such as 2020-04-01, given '2020-02-30'"],
  [{ from: '2020-05-01', to: '2020-05-01' }, '--from (2020-05-01) must be before --to (2020-05-01)'],
  [
    { from: '2020-01-01' },
    "--from: events are recorded from 2020-01-01, and some must train the first model, given '2020-01-01'",
  ],
  [{ to: '2021-01-01' }, "--to: events are recorded until 2020-12-31, given '2021-01-01'"],
  [{ step: '5' }, "--step: must be a duration such as 30m, given '5'"],
  [{ every: '0' }, "--every: must be a whole number from 1, given '0'"],
  [{ every: '1.5' }, "--every: must be a whole number from 1, given '1.5'"],
])('%j is refused', (given, problem) => {
  expect(problemsOf(given)).toBe(problem);
});

test('all problems are told at once', () => {
  expect(problemsOf({ from: 'x', to: 'y', step: 'z', every: '' }).split('\n')).toHaveLength(4);
});
