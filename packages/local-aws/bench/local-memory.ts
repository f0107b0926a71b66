import { LocalApi } from './local-api';
import { type Bench, round } from './measurement';

const CONNECTIONS = 16;
const WARM_UP = 30_000;
const REQUESTS = 100_000;

/** Resident size of the server: before any request, when it is warm, and after many more requests, which must not add to it. */
export const localMemory: Bench = {
  name: 'local-memory',
  description: 'resident size of the local AWS idle, warm and after 100,000 more requests',
  async run(progress) {
    return LocalApi.use(async (api) => {
      const idle = await api.residentMb();
      progress('local-memory: warm up');
      await api.load('/plain', CONNECTIONS, WARM_UP);
      const warm = await api.residentMb();
      progress('local-memory: load');
      await api.load('/plain', CONNECTIONS, REQUESTS);
      const loaded = await api.residentMb();
      return [
        { name: 'local-memory/idle', value: round(idle), unit: 'MB', budget: 400 },
        { name: 'local-memory/warm', value: round(warm), unit: 'MB', budget: 400 },
        {
          name: 'local-memory/loaded',
          value: round(loaded),
          unit: 'MB',
          budget: 400,
          reference: round(warm),
          ratio: round(loaded / warm),
        },
      ];
    });
  },
};
