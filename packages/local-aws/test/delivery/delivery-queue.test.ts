import { DeliveryQueue } from '../../src/delivery/delivery-queue';
import { AwsError } from '../../src/errors';
import { FakeCloud } from '../support/fake-cloud';

const SECOND_MS = 1000;
const POLICY = { attempts: 3, maxAgeMs: 3_600_000 };
let cloud: FakeCloud;
let tried: { item: string; at: number }[];
let lost: { item: string; condition: string | undefined; attempts: number }[];
let error: Error | undefined;

function queue(): DeliveryQueue<string> {
  return new DeliveryQueue<string>(cloud, 'test', {
    deliver: async (item) => {
      tried.push({ item, at: cloud.clock.now() });
      if (error !== undefined) throw error;
    },
    failed: async (item, { condition, attempts }) => void lost.push({ item, condition, attempts }),
  });
}

beforeEach(async () => {
  tried = [];
  lost = [];
  error = undefined;
  cloud = await FakeCloud.start({ startAt: 0, paused: true });
});
afterEach(() => cloud.stop());

test('a failed delivery is tried again with growing delays, then given up with its reason', async () => {
  error = new AwsError('ServiceUnavailableException', 'later', { status: 503 });
  await queue().accept('a', POLICY);
  await cloud.clock.advance(60 * SECOND_MS);

  expect(tried.map(({ at }) => at / SECOND_MS)).toEqual([0, 1, 3, 7]);
  expect(lost).toEqual([{ item: 'a', condition: 'MaximumRetryAttempts', attempts: 3 }]);
});

test('what a client got wrong is given up at once', async () => {
  error = new AwsError('ResourceNotFoundException', 'no such function', { status: 404 });
  await queue().accept('a', POLICY);
  await cloud.activity.idle();

  expect(tried).toHaveLength(1);
  expect(lost).toEqual([{ item: 'a', condition: undefined, attempts: 0 }]);
});

test('a delivery whose age runs out is given up before its attempts are', async () => {
  error = new Error('down');
  await queue().accept('a', { attempts: 185, maxAgeMs: 5 * SECOND_MS });
  await cloud.clock.advance(60 * SECOND_MS);

  expect(tried).toHaveLength(3);
  expect(lost).toMatchObject([{ condition: 'MaximumEventAgeInSeconds' }]);
});

test('a delivery that waits is tried again after a restart', async () => {
  error = new Error('down');
  const first = queue();
  await first.accept('a', POLICY);
  await cloud.activity.idle();
  first.stop();
  error = undefined;
  const second = queue();
  second.start();
  await cloud.clock.advance(2 * SECOND_MS);

  expect(tried.map(({ at }) => at / SECOND_MS)).toEqual([0, 1]);
  expect(lost).toEqual([]);
});
