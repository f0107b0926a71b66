import { names } from '../../../core/naming';
import { makeModels } from '../../../lambda/models/handler';
import { apiCall } from '../../support/api-call';
import { platform } from '../../support/example-platform';
import { MemoryChampions } from '../../support/in-memory-stores';

function setUp() {
  const champions = new MemoryChampions();
  const run = makeModels({
    platform,
    names: names('dev'),
    champions,
    endpointStatus: async () => 'InService',
    tokenUrl: async () => 'https://issuer.test/oauth2/token',
    version: '1.2.3',
  });
  return { champions, run };
}

test('the API describes itself at the address that was asked', async () => {
  const { body } = await setUp().run(apiCall('openapi'));

  expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\./), servers: [{ url: 'https://api.test/v' }] });
});

test('a model without champion is not ready, and says when to ask again', async () => {
  const call = apiCall('model', '', { parameters: { model: 'flight-delay' } });

  await expect(setUp().run(call)).rejects.toMatchObject({ code: 'model_not_ready', retryAfter: 10 });
});

test.each([
  ['no such model', { parameters: { model: 'none' } }],
  ['a model of others', { parameters: { model: 'flight-delay' }, consumer: 'nobody' }],
])('%s is not found', async (_, given) => {
  await expect(setUp().run(apiCall('model', '', given))).rejects.toMatchObject({ code: 'not_found' });
});
