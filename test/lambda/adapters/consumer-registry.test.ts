import { type GetParametersByPathCommandInput, SSMClient } from '@aws-sdk/client-ssm';
import { ParameterConsumers } from '../../../lambda/adapters/consumer-registry';

const PATH = '/slipway/dev/api/consumers';
const APP = { consumer: 'mobile-app', usageKey: 'key-of-mobile-app-at-people' };

/** A parameter store that gives one parameter a page, and a clock that stands. */
function setUp() {
  const world = { now: 0, reads: 0, down: false, parameters: { 'people/app': JSON.stringify(APP) } as Record<string, string> };
  const asked: GetParametersByPathCommandInput[] = [];
  const client = new SSMClient({ region: 'eu-west-1' });
  const send = async ({ input }: { input: GetParametersByPathCommandInput }) => {
    const at = Number(input.NextToken ?? 0);
    if (at === 0) world.reads += 1;
    asked.push(input);
    if (world.down) throw new Error('down');
    const all = Object.entries(world.parameters).map(([name, Value]) => ({ Name: `${PATH}/${name}`, Value }));
    return { Parameters: all.slice(at, at + 1), ...(at + 1 < all.length ? { NextToken: String(at + 1) } : {}) };
  };
  Object.assign(client, { send });
  return { world, asked, consumers: new ParameterConsumers({ client, path: PATH, now: () => world.now }) };
}

test('a consumer is found by its issuer and its client, on whatever page it is', async () => {
  const { world, asked, consumers } = setUp();
  world.parameters['company/app'] = JSON.stringify({ ...APP, consumer: 'partner' });

  expect(await consumers.find('people', 'app')).toEqual(APP);
  expect(await consumers.find('company', 'app')).toMatchObject({ consumer: 'partner' });
  expect(asked.map(({ Path, Recursive }) => [Path, Recursive])).toEqual([
    [PATH, true],
    [PATH, true],
  ]);
});

test('an equal client id of another issuer is nobody', async () => {
  expect(await setUp().consumers.find('company', 'app')).toBeUndefined();
});

test('many callers share one reading', async () => {
  const { world, consumers } = setUp();

  await Promise.all([1, 2, 3].map(() => consumers.find('people', 'app')));

  expect(world.reads).toBe(1);
});

test('a new consumer is known ten seconds after the last reading, and strangers cause one reading in ten seconds', async () => {
  const { world, consumers } = setUp();
  await consumers.find('people', 'app');
  world.parameters['people/new'] = JSON.stringify(APP);

  world.now = 9_999;
  expect(await consumers.find('people', 'new')).toBeUndefined();
  world.now = 10_000;
  expect(await consumers.find('people', 'new')).toEqual(APP);
  for (let at = 0; at < 50; at += 1) await consumers.find('people', `stranger-${at}`);
  expect(world.reads).toBe(2);
});

test('a consumer that was taken away is unknown after a minute', async () => {
  const { world, consumers } = setUp();
  await consumers.find('people', 'app');
  world.parameters = {};

  world.now = 59_999;
  expect(await consumers.find('people', 'app')).toEqual(APP);
  world.now = 60_000;
  expect(await consumers.find('people', 'app')).toBeUndefined();
});

test('what was read serves while the parameters cannot be read, and is asked for again', async () => {
  const { world, consumers } = setUp();
  await consumers.find('people', 'app');
  world.down = true;

  world.now = 60_000;
  expect(await consumers.find('people', 'app')).toEqual(APP);
  expect(await consumers.find('people', 'app')).toEqual(APP);
  expect(world.reads).toBe(2);
  world.down = false;
  world.parameters = {};
  world.now = 70_000;
  expect(await consumers.find('people', 'app')).toBeUndefined();
});

test('before anything was read a failure is a failure, and the next caller tries again', async () => {
  const { world, consumers } = setUp();
  world.down = true;

  await expect(consumers.find('people', 'app')).rejects.toThrow('down');
  world.down = false;
  expect(await consumers.find('people', 'app')).toEqual(APP);
});

test('a malformed parameter keeps its own consumer out and nobody else', async () => {
  const { world, consumers } = setUp();
  world.parameters['people/short'] = JSON.stringify({ ...APP, usageKey: 'short' });
  world.parameters['people/text'] = 'mobile-app';

  expect(await consumers.find('people', 'app')).toEqual(APP);
  await expect(consumers.find('people', 'short')).rejects.toThrow('usageKey');
  await expect(consumers.find('people', 'text')).rejects.toThrow();
});
