import { KeyCache } from '../../../core/tokens';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function setUp(...kids: string[]) {
  const world = { now: 0, kids, fetches: 0, down: false };
  const fetch = async () => {
    world.fetches += 1;
    await Promise.resolve();
    if (world.down) throw new Error('down');
    return JSON.stringify({ keys: world.kids.map((kid) => ({ kty: 'RSA', kid, use: 'sig', n: kid, e: 'AQAB' })) });
  };
  const cache = new KeyCache({ fetch, now: () => world.now, hardAgeMs: 60 * MINUTE });
  return {
    world,
    key: (kid: string) =>
      cache.key('uri', kid).then(
        (it) => it.kid,
        (error: Error) => error.message.split(':')[0],
      ),
  };
}

test('many callers share one fetch', async () => {
  const { world, key } = setUp('a');

  expect(await Promise.all(['a', 'a', 'a'].map(key))).toEqual(['a', 'a', 'a']);
  expect(world.fetches).toBe(1);
});

test('a new key is accepted within ten seconds, unknown ones cause one fetch per ten seconds', async () => {
  const { world, key } = setUp('a');
  await key('a');
  world.kids = ['a', 'b'];

  expect(await key('b')).toBe('invalid_signature');
  world.now = 10 * SECOND;
  expect(await key('b')).toBe('b');
  for (let at = 0; at < 50; at += 1) expect(await key(`x${at}`)).toBe('invalid_signature');
  expect(world.fetches).toBe(2);
});

test('a removed key stops working at the soft age', async () => {
  const { world, key } = setUp('a');
  await key('a');
  world.kids = ['b'];
  world.now = 5 * MINUTE;

  expect(await key('a')).toBe('invalid_signature');
  expect(await key('b')).toBe('b');
});

test('a busy cache refreshes behind its callers', async () => {
  const { world, key } = setUp('a');
  await key('a');
  world.now = 3 * MINUTE;

  expect(await key('a')).toBe('a');
  expect(world.fetches).toBe(2);
});

test('while the issuer is down, known keys serve to the hard age and no longer', async () => {
  const { world, key } = setUp('a');
  await key('a');
  world.down = true;

  world.now = 59 * MINUTE;
  expect(await key('a')).toBe('a');
  world.now = 60 * MINUTE;
  expect(await key('a')).toBe('jwks_unavailable');
});

test('a failed fetch is not repeated within the cooldown', async () => {
  const { world, key } = setUp('a');
  world.down = true;
  await key('a');
  world.down = false;
  world.now = 9 * SECOND;

  expect(await key('a')).toBe('jwks_unavailable');
  expect(world.fetches).toBe(1);
  world.now = 10 * SECOND;
  expect(await key('a')).toBe('a');
});

test('a set that repeats a key id is refused', async () => {
  const { key } = setUp('a', 'a');

  expect(await key('a')).toBe('jwks_unavailable');
});
