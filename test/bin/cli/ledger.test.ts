import { inOrder } from '../../../bin/cli/ledger';
import type { LedgerEntry } from '../../../core/retraining';

const entry = (at: string, event: LedgerEntry['event'], execution?: string): LedgerEntry => ({
  model: 'm',
  at: `2013-04-01T00:${at}:00.000Z`,
  event,
  ...(execution === undefined ? {} : { execution }),
});

test('at one instant the end of an older run comes before the next run, and causes before effects', () => {
  const told = inOrder([
    entry('15', 'promoted', 'run-1'),
    entry('15', 'refused', 'run-2'),
    entry('15', 'retrain-decided', 'run-2'),
    entry('00', 'canary-started', 'run-1'),
    entry('15', 'alarm'),
  ]);

  expect(told.map(({ event, execution }) => [event, execution])).toEqual([
    ['canary-started', 'run-1'],
    ['promoted', 'run-1'],
    ['alarm', undefined],
    ['retrain-decided', 'run-2'],
    ['refused', 'run-2'],
  ]);
});
