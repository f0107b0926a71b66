import type { Stage } from '../../../core/definition';
import { quotasOf } from '../../../core/quotas';
import { clonesOf } from '../../support/clones';
import { platform } from '../../support/example-platform';

const [dev, prod] = platform.stages as [Stage, Stage];

function needed(of: typeof platform, stage: Stage): Record<string, number> {
  return Object.fromEntries(quotasOf(of, stage).map((quota) => [quota.name, quota.needed]));
}

test('production needs what its functions reserve, two fleets, a GPU, and a stream per source', () => {
  expect(needed(platform, prod)).toEqual({
    'Concurrent executions': 852,
    'ml.c6i.large for endpoint usage': 16,
    'ml.g5.xlarge for training job usage': 1,
    'ml.m5.xlarge for processing job usage': 1,
    'Feature groups': 4,
    'On-demand data streams': 4,
  });
});

test('a stage that reserves nothing needs what Lambda keeps, and shards where streams have them', () => {
  expect(needed(platform, dev)).toMatchObject({ 'Concurrent executions': 102, Shards: 4 });
});

test('what is there once per model or group grows with them', () => {
  expect(needed(clonesOf(platform, 20), prod)).toMatchObject({
    'Concurrent executions': 852,
    'ml.c6i.large for endpoint usage': 320,
    'ml.g5.xlarge for training job usage': 20,
    'ml.m5.xlarge for processing job usage': 20,
    'Feature groups': 80,
    'On-demand data streams': 61,
  });
});
