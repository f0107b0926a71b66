import { periodStart } from '../../../../src/services/apigateway/gateway/quota';

test.each([
  ['DAY', '2030-01-02T23:59:59.999Z', '2030-01-02'],
  ['DAY', '2030-01-03T00:00:00Z', '2030-01-03'],
  // A Saturday and the Sunday after it.
  ['WEEK', '2030-01-05T23:59:59Z', '2029-12-30'],
  ['WEEK', '2030-01-06T00:00:00Z', '2030-01-06'],
  ['MONTH', '2030-02-28T23:59:59Z', '2030-02-01'],
  ['MONTH', '2030-03-01T00:00:00Z', '2030-03-01'],
] as const)('a quota per %s that counts at %s began on %s, by UTC', (period, now, start) => {
  expect(new Date(periodStart(period, Date.parse(now))).toISOString()).toBe(`${start}T00:00:00.000Z`);
});
