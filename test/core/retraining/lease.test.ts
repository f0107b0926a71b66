import { acquireLease, isHeld, leaseSchema, releaseLease } from '../../../core/retraining';

const held = { token: 3, holder: 'a', expiresAt: 100 };

test('the first lease has token 1', () => {
  expect(acquireLease(undefined, 'a', 0, 100)).toEqual({ token: 1, holder: 'a', expiresAt: 100 });
});

test('a held lease is refused to others and given back to its holder', () => {
  expect(acquireLease(held, 'b', 99, 100)).toBeUndefined();
  expect(acquireLease(held, 'a', 99, 100)).toBe(held);
});

test('after expiry or release the next token is greater', () => {
  expect(acquireLease(held, 'b', 100, 50)).toEqual({ token: 4, holder: 'b', expiresAt: 150 });
  expect(acquireLease(releaseLease(held, 10), 'b', 10, 50)?.token).toBe(4);
  expect(isHeld(releaseLease(held, 10), 10)).toBe(false);
});

test('what is read as a lease has a token that counts from 0, a holder and an end', () => {
  expect(leaseSchema.parse(held)).toEqual(held);
  expect(leaseSchema.parse({ ...held, token: 0 }).token).toBe(0);
  expect(leaseSchema.safeParse({ ...held, token: -1 }).success).toBe(false);
  expect(leaseSchema.safeParse({ token: 3, holder: 'a' }).success).toBe(false);
});
