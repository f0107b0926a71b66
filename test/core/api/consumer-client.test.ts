import { consumerClientSchema } from '../../../core/api';

const client = { consumer: 'crew-app', usageKey: 'k'.repeat(20) };

test.each([client, { ...client, usageKey: 'k'.repeat(128) }])(
  'a client says its consumer and its key of 20 to 128 letters',
  (given) => {
    expect(consumerClientSchema.parse(given)).toEqual(given);
  },
);

test.each([
  { ...client, consumer: '' },
  { ...client, usageKey: 'k'.repeat(19) },
  { ...client, usageKey: 'k'.repeat(129) },
  { consumer: 'crew-app' },
  { usageKey: client.usageKey },
  { ...client, plan: 'free' },
])('%j is none', (given) => {
  expect(consumerClientSchema.safeParse(given).success).toBe(false);
});
