import { DeployedPlatform } from '../support/deployed-platform';
import { platform as twenty } from '../support/platforms/twenty';
import { platform as two } from '../support/platforms/two';

// Everything that is there once per model, source, group or consumer, deployed and asked: two of each, and twenty in `npm run test:long`.

const [folder, platform] = process.env.CLONES === '20' ? ['twenty', twenty] : ['two', two];
const deployed = new DeployedPlatform(`test/support/platforms/${folder}`);
const [first, second, last] = [platform.models[0], platform.models[1], platform.models.at(-1)];
const callers = platform.consumers.filter(({ scopes }) => scopes.includes('predict'));
let apiUrl: string;

// No limit but for what hangs: how long a deployment takes is the machine's affair.
beforeAll(async () => {
  ({ apiUrl } = await deployed.json<{ apiUrl: string }>('local', 'up', '--detach', '--port', '0'));
}, 3_600_000);
afterAll(() => deployed.end());

function instance(id: string): Record<string, unknown> {
  const request = { carrier: 'UA', origin: 'EWR', dest: 'IAH', distance: 1400, scheduled_hour: 8, scheduled_weekday: 2 };
  return { flight_id: id, ...request, tailnum: null };
}

async function post(path: string, token: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(`${apiUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** A consumer of a model that may predict. */
function callerOf(model: string): string {
  const caller = callers.find(({ models }) => models.includes(model));
  if (caller === undefined) throw new Error(`nobody may predict with ${model}`);
  return caller.name;
}

test('each model serves its baseline to its own consumers', async () => {
  for (const { name } of platform.models) {
    const answer = await post(`/v1/models/${name}/predictions`, await deployed.token(callerOf(name)), {
      instances: [instance('a')],
    });

    expect([name, answer.status]).toEqual([name, 200]);
    expect(await answer.json()).toMatchObject({ model: name, model_version: '0', predictions: [{ flight_id: 'a' }] });
  }
});

test('a model is not there for the consumers of another', async () => {
  const token = await deployed.token(callerOf(first?.name ?? ''));

  for (const other of [second, last])
    expect((await post(`/v1/models/${other?.name}/predictions`, token, { instances: [instance('a')] })).status).toBe(404);
});

test('events of each source become features of its own group only', async () => {
  const [group, clone] = platform.featureGroups.filter(({ name }) => name.startsWith('origin_weather'));
  const writer = platform.consumers.find(({ scopes }) => scopes.includes('events:write'))?.name ?? '';
  const clock = await deployed.json<{ clock: { now: string } }>('local', 'status');
  const event = {
    event_id: 'w1',
    origin: 'EWR',
    temp: 51.5,
    dewp: 40,
    humid: 60,
    wind_speed: 5,
    precip: 0,
    pressure: 1015,
    visib: 10,
    observed_at: clock.clock.now,
  };

  expect((await post(`/v1/events/${clone?.source}`, await deployed.token(writer), { events: [event] })).status).toBe(202);
  await deployed.run('local', 'advance', '30s');

  const { record } = await deployed.json<{ record: Record<string, string> }>('features', 'show', clone?.name ?? '', 'EWR');
  expect(record.last_temp).toBe('51.5');
  await expect(deployed.json('features', 'show', group?.name ?? '', 'EWR')).rejects.toThrow("has no record of 'EWR'");
});

test('each model has alarms and a champion of its own, and nothing was refused on the way', async () => {
  const { models } = await deployed.json<{ models: { name: string; champion: { version: string } }[] }>('models', 'list');
  const { alarms } = await deployed.json<{ alarms: { name: string }[] }>('alarms');

  expect(models.map(({ champion }) => champion.version)).toEqual(platform.models.map(() => '0'));
  for (const { name } of platform.models)
    expect(alarms.filter((alarm) => alarm.name === `slipway-dev-${name}-drift`)).toHaveLength(1);
  expect(await deployed.run('local', 'denied')).toBe('nothing was refused\n');
});
