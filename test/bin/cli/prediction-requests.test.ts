import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedRequests, sampleInstance } from '../../../bin/cli/prediction-requests';
import { predictionRequestSchema } from '../../../core/api';
import type { Model } from '../../../core/definition';
import { platform } from '../../support/example-platform';

const [model] = platform.models as [Model];

test('a sample fits the schema of the API', () => {
  const { success } = predictionRequestSchema(model).safeParse({ instances: [sampleInstance(platform, model)] });

  expect(success).toBe(true);
});

test('requests come in the order of the times that they are for, not of the events that tell of them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'requests-'));
  const row = (id: string, scheduled_at: string) => ({ flight_id: id, carrier: 'UA', origin: 'EWR', dep_delay: 9, scheduled_at });
  try {
    const rows = [row('late', '2013-04-01T10:00:00.000Z'), row('early', '2013-04-01T09:00:00.000Z')];
    writeFileSync(join(folder, 'departures.jsonl'), rows.map((it) => `${JSON.stringify(it)}\n`).join(''));

    const requests = await recordedRequests(folder, model);

    expect(requests.map(({ entity, at }) => [entity, new Date(at).toISOString()])).toEqual([
      ['early', '2013-04-01T09:00:00.000Z'],
      ['late', '2013-04-01T10:00:00.000Z'],
    ]);
    // What is known afterwards only is not asked with; what is missing is null.
    expect(requests[0]?.instance).toEqual({
      flight_id: 'early',
      carrier: 'UA',
      origin: 'EWR',
      dest: null,
      distance: null,
      scheduled_hour: null,
      scheduled_weekday: null,
      tailnum: null,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
