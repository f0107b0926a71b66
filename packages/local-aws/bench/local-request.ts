import { LocalApi } from './local-api';
import { type Bench, round } from './measurement';

const WARM_UP = 3000;
const REQUESTS = 5000;
const CONNECTIONS = 16;

/** One request at a time through API, cached authorizer and a warm function; then with one signed read of a table in the function. */
export const localRequest: Bench = {
  name: 'local-request',
  description: 'REST API, cached authorizer, warm function at one connection; the same with one signed GetItem',
  async run(progress) {
    return LocalApi.use(async (api) => {
      progress('local-request: function alone');
      await api.load('/plain', 1, WARM_UP);
      const plain = await api.load('/plain', 1, REQUESTS);
      progress('local-request: with one GetItem');
      await api.load('/read', 1, WARM_UP);
      const read = await api.load('/read', 1, REQUESTS);
      await api.load('/read', CONNECTIONS, WARM_UP);
      const many = await api.load('/read', CONNECTIONS, REQUESTS);
      progress(`local-request: ${plain.refused + read.refused + many.refused} answers were not 200`);
      return [
        { name: 'local-request/p50', value: round(plain.p50Ms), unit: 'ms', budget: 1 },
        { name: 'local-request/p99', value: round(plain.p99Ms), unit: 'ms', budget: 5 },
        { name: 'local-request/read/p50', value: round(read.p50Ms), unit: 'ms', budget: 2.5 },
        { name: 'local-request/read/p99', value: round(read.p99Ms), unit: 'ms', budget: 12 },
        { name: 'local-request/read/rate', value: round(many.perSecond), unit: 'requests/s', budget: 1000 },
      ];
    });
  },
};
