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

/** As `setUp`, with an issuer that answers when it is told to. */
function setUpSlow(kid: string) {
  const world = { now: 0, fetches: 0 };
  const waiting: (() => void)[] = [];
  const fetch = () =>
    new Promise<string>((resolve) => {
      world.fetches += 1;
      waiting.push(() => resolve(JSON.stringify({ keys: [{ kty: 'RSA', kid }] })));
    });
  async function answer(asked: Promise<unknown>): Promise<void> {
    for (const now of waiting.splice(0)) now();
    await asked;
  }
  return { world, cache: new KeyCache({ fetch, now: () => world.now }), answer };
}

/** After all that waits for nothing else has been done. */
function settled(): Promise<string> {
  return new Promise((resolve) => setImmediate(() => resolve('waits')));
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

test('a young set is used as it is, without asking again', async () => {
  const { world, key } = setUp('a');
  await key('a');
  world.now = 2.5 * MINUTE - 1;
  expect(await key('a')).toBe('a');
  expect(world.fetches).toBe(1);

  world.now = 2.5 * MINUTE;
  expect(await key('a')).toBe('a');
  expect(world.fetches).toBe(2);
});

test('a known key is answered while its set is fetched behind, and only then', async () => {
  const { world, cache, answer } = setUpSlow('a');
  await answer(cache.key('uri', 'a'));
  world.now = 3 * MINUTE;
  expect((await cache.key('uri', 'a')).kid).toBe('a');
  await answer(settled());

  world.now += 6 * MINUTE;
  const asked = cache.key('uri', 'a');
  expect(await Promise.race([asked.then(() => 'answered'), settled()])).toBe('waits');
  await answer(asked);
  expect(world.fetches).toBe(3);
});

test('a key that the issuer does not have is not one that could not be asked for', async () => {
  const { world, key } = setUp('a');
  await key('a');
  expect(await key('b')).toBe('invalid_signature');

  world.down = true;
  world.now = 10 * SECOND;
  expect(await key('b')).toBe('jwks_unavailable');
  expect(await key('a')).toBe('a');
});
