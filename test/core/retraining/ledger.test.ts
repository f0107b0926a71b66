import { ledgerEntrySchema, ledgerEventSchema } from '../../../core/retraining';

const entry = { model: 'eta', at: '2013-04-01T00:00:00.000Z', event: 'promoted' };

test('an entry says which model, when and what, and may give reason, version, run and numbers', () => {
  const whole = { ...entry, reason: 'better', version: '7', execution: 'run-1', metrics: { auc: 0.7 } };

  expect(ledgerEntrySchema.parse(entry)).toEqual(entry);
  expect(ledgerEntrySchema.parse(whole)).toEqual(whole);
});

test.each([
  ['another event', { ...entry, event: 'forgotten' }],
  ['a day without a time', { ...entry, at: '2013-04-01' }],
  ['a metric that is a text', { ...entry, metrics: { auc: 'good' } }],
  ['no model', { at: entry.at, event: entry.event }],
])('%s is refused', (_, given) => {
  expect(ledgerEntrySchema.safeParse(given).success).toBe(false);
});

test('old entries stay readable: no event loses its name', () => {
  expect(ledgerEventSchema.options).toEqual([
    'baseline-deployed',
    'trained',
    'evaluated',
    'promoted',
    'drift-detected',
    'alarm',
    'retrain-decided',
    'refused',
    'canary-started',
    'rolled-back',
  ]);
});
