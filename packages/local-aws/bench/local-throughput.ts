import { LocalApi } from './local-api';
import { type Bench, round } from './measurement';

const CONNECTIONS = 50;
const WARM_UP = 10_000;
const REQUESTS = 30_000;

/** What the local API serves at 50 connections. */
export const localThroughput: Bench = {
  name: 'local-throughput',
  description: 'REST API, cached authorizer, warm functions at 50 connections',
  async run(progress) {
    return LocalApi.use(async (api) => {
      progress('local-throughput');
      await api.load('/plain', CONNECTIONS, WARM_UP);
      const result = await api.load('/plain', CONNECTIONS, REQUESTS);
      progress(`local-throughput: ${result.refused} answers were not 200`);
      return [
        { name: 'local-throughput/rate', value: round(result.perSecond), unit: 'requests/s', budget: 2500 },
        { name: 'local-throughput/p99', value: round(result.p99Ms), unit: 'ms', budget: 25 },
      ];
    });
  },
};
