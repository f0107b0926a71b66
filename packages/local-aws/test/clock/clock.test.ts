import { Activity } from '../../src/clock/activity';
import { Clock, type ClockState } from '../../src/clock/clock';

const START = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;
let clock: Clock;
let activity: Activity;
let kept: ClockState[];

function make(paused = true, simulated = START): void {
  activity = new Activity();
  kept = [];
  clock = new Clock({ wall: Date.now(), simulated, paused }, activity, (state) => kept.push(state));
}

beforeEach(() => make());
afterEach(() => clock.stop());

const tick = (ms = 1): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('a jump fires the timers on its way in order of time, each at its own instant, and no later one', async () => {
  const fired: string[] = [];
  const note = (name: string) => () => void fired.push(`${name}@${clock.now() - START}`);
  clock.after(300, note('c'));
  clock.after(100, note('a'));
  clock.after(200, note('b1'));
  clock.after(200, note('b2'));
  clock.after(301, note('later'));

  await clock.advance(300);

  expect(fired).toEqual(['a@100', 'b1@200', 'b2@200', 'c@300']);
  expect(clock.now()).toBe(START + 300);
});

test('a timer that comes up during a jump fires in it, if its time is within', async () => {
  const fired: number[] = [];
  const again = (): void => {
    fired.push(clock.now() - START);
    clock.after(HOUR_MS, again);
  };
  clock.after(HOUR_MS, again);

  await clock.advance(3.5 * HOUR_MS);

  expect(fired).toEqual([1, 2, 3].map((hours) => hours * HOUR_MS));
  await clock.advance(HOUR_MS / 2);
  expect(fired).toHaveLength(4);
});

test('a timer set for a past instant during a jump does not turn the clock back', async () => {
  const fired: number[] = [];
  clock.after(100, () => {
    clock.at(START, () => void fired.push(clock.now() - START));
  });
  clock.after(200, () => void fired.push(clock.now() - START));

  await clock.advance(1000);

  expect(fired).toEqual([100, 200]);
});

test('a jump waits for the work that a timer started before it goes on', async () => {
  const order: string[] = [];
  clock.after(100, () => {
    void activity.track(tick(20).then(() => activity.track(tick(20)).then(() => void order.push('work'))));
  });
  clock.after(200, () => void order.push('next'));
  void activity.track(tick(20).then(() => void order.push('before')));

  await clock.advance(200);

  expect(order).toEqual(['before', 'work', 'next']);
});

test('jumps queue up and add up', async () => {
  await Promise.all([clock.advance(100), clock.advance(50)]);

  expect(clock.now()).toBe(START + 150);
});

test('a timer that throws holds up neither the timers after it nor the next jump', async () => {
  const fired: string[] = [];
  clock.after(100, () => {
    throw new Error('broken timer');
  });
  clock.after(200, () => void fired.push('after'));

  await expect(clock.advance(200)).rejects.toThrow('broken timer');
  clock.after(100, () => void fired.push('next'));
  await clock.advance(100);

  expect(fired).toEqual(['after', 'next']);
  expect(clock.now()).toBe(START + 300);
});

test('a cancelled timer does not fire, neither in a jump nor when another one cancels it', async () => {
  const fired: string[] = [];
  clock.after(100, () => void fired.push('cancelled')).cancel();
  const second = clock.after(200, () => void fired.push('second'));
  clock.after(150, () => second.cancel());

  await clock.advance(300);

  expect(fired).toEqual([]);
});

test('a paused clock stands still and fires only what is due; resumed, it goes on from there', async () => {
  const fired: string[] = [];
  clock.at(START - 1, () => void fired.push('due'));
  clock.after(10, () => void fired.push('soon'));
  await tick(40);
  expect(clock.now()).toBe(START);
  expect(fired).toEqual(['due']);

  clock.resume();
  await clock.sleep(20);

  expect(fired).toEqual(['due', 'soon']);
  expect(clock.now()).toBeGreaterThanOrEqual(START + 20);
  clock.pause();
  const stopped = clock.now();
  await tick(10);
  expect(clock.now()).toBe(stopped);
});

test('a jump keeps a running clock running and a paused one paused', async () => {
  await clock.advance(HOUR_MS);
  expect(clock.snapshot().paused).toBe(true);

  make(false);
  await clock.advance(HOUR_MS);
  await tick(5);

  expect(clock.snapshot().paused).toBe(false);
  expect(clock.now()).toBeGreaterThan(START + HOUR_MS);
});

test('what is kept is never behind a timer that has fired, and says whether the clock ran', async () => {
  make(false);
  const behind: boolean[] = [];
  clock.at(START + HOUR_MS, () => void behind.push(kept.at(-1)?.simulated === START + HOUR_MS && !kept.at(-1)?.paused));

  await clock.advance(2 * HOUR_MS);

  expect(behind).toEqual([true]);
  expect(kept.at(-1)).toMatchObject({ paused: false });
  expect(kept.at(-1)?.simulated).toBeGreaterThanOrEqual(START + 2 * HOUR_MS);
});

test('10,000 timers in any order fire in order', async () => {
  const fired: number[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    const at = (index * 7919) % 10_007;
    clock.after(at, () => void fired.push(at));
  }
  await clock.advance(500);

  expect(fired).toEqual([...fired].sort((a, b) => a - b));
  expect(fired).toHaveLength(
    new Set(Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_007).filter((at) => at <= 500)).size,
  );
});
