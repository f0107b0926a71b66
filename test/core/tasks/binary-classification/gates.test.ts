import { gatesSchema } from '../../../../core/tasks/binary-classification/gates';

const beat = { metric: 'auc', margin: 0.01 };
const least = { beatChampionBy: beat };

test('a gate is a bound on a metric; the champion must be beaten, on 1000 rows unless something else is said', () => {
  expect(gatesSchema.parse(least)).toEqual({ beatChampionBy: { ...beat, significant: false }, minRows: 1000 });

  const all = {
    auc: { min: 0 },
    precision: { min: 1, live: { floor: 0.5, minSamples: 1 } },
    recall: { min: 0.2 },
    calibrationError: { max: 1 },
    beatChampionBy: { metric: 'averagePrecision', margin: -1, significant: true },
    minRows: 1,
  };
  expect(gatesSchema.parse(all)).toEqual(all);
  expect(gatesSchema.parse({ beatChampionBy: { metric: 'precision', margin: 1 } }).beatChampionBy.margin).toBe(1);
});

test.each([
  {},
  { beatChampionBy: { metric: 'recall', margin: 0 } },
  { beatChampionBy: { metric: 'auc' } },
  { beatChampionBy: { metric: 'auc', margin: 1.01 } },
  { beatChampionBy: { metric: 'auc', margin: -1.01 } },
  { beatChampionBy: { ...beat, significant: 'yes' } },
  { beatChampionBy: { ...beat, by: 1 } },
  { ...least, minRows: 0 },
  { ...least, minRows: 1.5 },
  { ...least, auc: { min: 1.01 } },
  { ...least, auc: { min: -0.01 } },
  { ...least, auc: {} },
  { ...least, recall: { max: 0.5 } },
  { ...least, calibrationError: { min: 0.5 } },
  { ...least, precision: { live: { floor: 0.5, minSamples: 10 } } },
  { ...least, precision: { min: 0.5, live: { floor: 0.5, minSamples: 0 } } },
  { ...least, precision: { min: 0.5, live: { floor: 0.5 } } },
  { ...least, precision: { min: 0.5, live: { minSamples: 10 } } },
  { ...least, accuracy: { min: 0.5 } },
])('%j is refused', (given) => {
  expect(gatesSchema.safeParse(given).success).toBe(false);
});
