import { Agent, request } from 'node:http';
import { openTarget, requireApplication } from '../bin/cli/target';
import { fetchToken } from '../bin/cli/tokens';
import { type Bench, type Measurement, median, percentile, round } from './measurement';
import { withPlatform } from './platform';

const WARM_UP = 200;
const SINGLE = 1000;
const SECONDS = 5;
const WARM_UP_SECONDS = 15;
const CONNECTIONS = 16;
const BODY = JSON.stringify({
  instances: [
    {
      flight_id: 'bench',
      carrier: 'UA',
      origin: 'EWR',
      dest: 'IAH',
      distance: 1400,
      scheduled_hour: 8,
      scheduled_weekday: 2,
      tailnum: 'N14228',
    },
  ],
});

function post(url: URL, token: string, agent: Agent): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(BODY),
        },
      },
      (response) => {
        response
          .resume()
          .on('end', () =>
            response.statusCode === 200
              ? resolve(performance.now() - began)
              : reject(new Error(`answered ${response.statusCode}`)),
          );
      },
    );
    sent.on('error', reject).end(BODY);
  });
}

/** Gateway, cached authorizer, predict function, features, model: one prediction per request, over one connection and over 16. */
export const predictPath: Bench = {
  name: 'predict-path',
  description: 'a prediction through the local API: latency at one connection, rate at 16',
  async run(progress) {
    return withPlatform(async (state): Promise<Measurement[]> => {
      const target = await openTarget({ target: 'local', stage: 'dev', state, platform: 'examples/flight-delays' });
      const { apiUrl } = await requireApplication(target);
      const url = new URL(`${apiUrl}/v1/models/flight-delay/predictions`);
      const { access_token: token } = await fetchToken(target, 'ops-dashboard', ['predict']);
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
      progress('predict-path: one connection');
      const paced = async (count: number): Promise<number[]> => {
        const values: number[] = [];
        for (let index = 0; index < count; index += 1) {
          values.push(await post(url, token, agent));
          // Below the plan of the consumer (400 per second), which would answer 429.
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
        return values;
      };
      await paced(WARM_UP);
      const values = await paced(SINGLE);
      progress('predict-path: 16 connections');
      const concurrent = async (seconds: number): Promise<{ served: number; refused: number }> => {
        const deadline = performance.now() + seconds * 1000;
        const count = { served: 0, refused: 0 };
        const worker = async (): Promise<void> => {
          while (performance.now() < deadline)
            await post(url, token, agent).then(
              () => {
                count.served += 1;
              },
              () => {
                count.refused += 1;
              },
            );
        };
        await Promise.all(Array.from({ length: CONNECTIONS }, worker));
        return count;
      };
      // As many environments as there will be calls at once are started first.
      await concurrent(WARM_UP_SECONDS);
      const { served, refused } = await concurrent(SECONDS);
      agent.destroy();
      progress(`predict-path: ${refused} answers of the concurrent part were not 200 (plan of 400 per second)`);
      return [
        { name: 'predict-path/p50', value: round(median(values)), unit: 'ms', budget: 4 },
        { name: 'predict-path/p99', value: round(percentile(values, 99)), unit: 'ms', budget: 12 },
        { name: 'predict-path/rate', value: round(served / SECONDS), unit: 'requests/s', budget: 500 },
      ];
    });
  },
};
