import { Activity } from '../../src/clock/activity';

const tick = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('idle waits for tracked work, for what that starts, and for work that fails', async () => {
  const activity = new Activity();
  const done: string[] = [];
  void activity.track(
    tick(10).then(() => {
      done.push('first');
      void activity.track(tick(10).then(() => void done.push('second')));
    }),
  );
  activity.track(tick(5).then(() => Promise.reject(new Error('failed')))).catch(() => done.push('failed'));

  await activity.idle();

  expect(done).toEqual(['failed', 'first', 'second']);
});

test('a rejection that nobody else looks at does not end the process', async () => {
  const activity = new Activity();
  void activity.track(Promise.reject(new Error('nobody looks')));

  await expect(activity.idle()).resolves.toBeUndefined();
});
