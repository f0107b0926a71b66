import { CloudBench } from './support/cloud-bench';

const START = Date.UTC(2030, 0, 1);
let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start({ startAt: START });
});
afterAll(() => bench.stop());

async function control(path: string, body?: string, token = bench.cloud.controlToken) {
  const post = body === undefined ? {} : { method: 'POST', body };
  const answer = await fetch(`${bench.cloud.endpoint}${path}`, { headers: { authorization: `Bearer ${token}` }, ...post });
  return { status: answer.status, body: (await answer.json()) as { message?: string; clock?: { now: string; paused: boolean } } };
}

test('the clock is paused, moved and resumed by its command, and keeps its time over a restart', async () => {
  expect((await control('/_local/clock', '{"paused":true}')).body.clock?.paused).toBe(true);
  const before = bench.cloud.clock.now();
  await control('/_local/clock', '{"advanceMs":3600000}');
  expect(bench.cloud.clock.now()).toBe(before + 3_600_000);

  await bench.restart();
  expect((await control('/_local/status')).body.clock).toEqual({ now: new Date(before + 3_600_000).toISOString(), paused: true });
  expect((await control('/_local/clock', '{"paused":false}')).body.clock?.paused).toBe(false);
  const running = bench.cloud.clock.now();
  await bench.restart();
  expect(bench.cloud.clock.now()).toBeGreaterThanOrEqual(running);
});

test.each(['{"advanceMs":-1}', '{"advanceMs":"1000"}', '{"advanceMs":1e999}', '{"advanceMs":null}'])(
  'the command %s is refused',
  async (body) => {
    const before = bench.cloud.clock.now();
    expect(await control('/_local/clock', body)).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/^the clock only moves forward; given /) },
    });
    expect(bench.cloud.clock.now() - before).toBeLessThan(60_000);
  },
);

test('noise, other paths and other tokens are refused', async () => {
  expect(await control('/_local/clock', '{')).toMatchObject({ status: 400, body: { message: 'the body is no JSON object' } });
  expect(await control('/_local/clock', 'null')).toMatchObject({ status: 400 });
  expect((await control('/_local/other')).status).toBe(404);
  expect((await control('/_local/clock', '{"advanceMs":1}', 'other')).status).toBe(403);
  expect((await control('/_local/status', undefined, '')).status).toBe(403);
});
