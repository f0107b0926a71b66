import { names } from '../../../core/naming';
import type { EvaluationReport } from '../../../core/promotion';
import type { EndpointState } from '../../../lambda/adapters/endpoint-fleet';
import { makePromote, type PromoteDependencies } from '../../../lambda/promote/handler';
import { platform } from '../../support/example-platform';
import { MemoryChampions, MemoryHistory, MemoryMetrics, silent } from '../../support/in-memory-stores';

const MODEL = 'flight-delay';
const stage = names('dev');
const DIGEST = `sha256:${'a'.repeat(64)}`;
const EXECUTION = 'arn:aws:sagemaker:eu-west-1:000000000000:pipeline/slipway-dev-flight-delay/execution/run1';
const PACKAGE = 'arn:aws:sagemaker:eu-west-1:000000000000:model-package/slipway-dev-flight-delay/2';
const NEW_CONFIG = 'slipway-dev-flight-delay-v2';

const report: EvaluationReport = {
  model: MODEL,
  holdout: { rows: 5000 },
  challenger: {
    digest: DIGEST,
    threshold: 0.5,
    metrics: {
      auc: { value: 0.87 },
      precision: { value: 0.7 },
      recall: { value: 0.4 },
      expectedCalibrationError: { value: 0.02 },
    },
  },
  champion: { threshold: 0.5, metrics: { auc: { value: 0.85 } } },
  comparison: { auc: { value: 0.02, interval: [0.01, 0.03] } },
  verdict: { passed: true, reasons: [] },
};

function setUp({ digest = DIGEST, evaluation = report as EvaluationReport | null } = {}) {
  const history = new MemoryHistory();
  const champions = new MemoryChampions();
  champions.pointers.set(MODEL, {
    version: '1',
    modelDataUrl: 's3://b/1',
    digest: `sha256:${'b'.repeat(64)}`,
    promotedAt: '2013-04-01T00:00:00Z',
  });
  const calls: string[] = [];
  const told: string[] = [];
  let state: EndpointState = { status: 'InService', configName: 'config-1', failureReason: undefined, instances: 2 };
  const dependencies: PromoteDependencies = {
    platform,
    stage: { name: 'dev' },
    names: stage,
    history,
    champions,
    registry: {
      package: async (arn) => ({
        arn,
        version: '2',
        image: 'i',
        modelDataUrl: 's3://b/2',
        environment: {},
        digest: DIGEST,
        execution: EXECUTION,
      }),
      failureOf: async () => 'the challenger did not pass',
    },
    fleet: {
      state: async () => state,
      prepare: async (_, { name, version }) => void calls.push(`prepare ${name} ${version}`),
      rollOut: async (_, configName, canary, alarms) =>
        void calls.push(`rollOut ${configName} ${canary.sizePercent}% ${alarms.join()}`),
    },
    bucket: {
      report: async () => evaluation ?? undefined,
      publishProfile: async (_, id, version) => void calls.push(`profile ${id} ${version}`),
      digest: async () => digest,
    },
    notify: async (subject) => void told.push(subject),
    metrics: new MemoryMetrics(),
    log: silent,
    now: () => Date.UTC(2013, 3, 20),
  };
  const promote = makePromote(dependencies);
  return {
    history,
    champions,
    calls,
    told,
    become: (next: Partial<EndpointState>) => {
      state = { ...state, ...next };
    },
    approve: () =>
      promote({
        'detail-type': 'SageMaker Model Package State Change',
        detail: { ModelPackageGroupName: 'slipway-dev-flight-delay', ModelPackageArn: PACKAGE, ModelApprovalStatus: 'Approved' },
      }),
    settle: (EndpointStatus = 'IN_SERVICE') =>
      promote({
        'detail-type': 'SageMaker Endpoint State Change',
        detail: { EndpointName: 'slipway-dev-flight-delay', EndpointStatus },
      }),
    end: (currentPipelineExecutionStatus: string) =>
      promote({
        'detail-type': 'SageMaker Model Building Pipeline Execution Status Change',
        detail: {
          pipelineArn: EXECUTION.replace('/execution/run1', ''),
          pipelineExecutionArn: EXECUTION,
          currentPipelineExecutionStatus,
        },
      }),
  };
}

async function withRun(history: MemoryHistory): Promise<void> {
  await history.putLease(MODEL, { token: 3, holder: 'h', expiresAt: Date.UTC(2013, 3, 21) }, undefined);
  await history.putRun(MODEL, { startedAt: 1, outcome: 'running', execution: EXECUTION, reason: 'drift', token: 3 });
}

test('a good challenger goes out as a canary under both alarms, once, however often the event comes', async () => {
  const { approve, calls, history } = setUp();

  await approve();
  await approve();

  expect(calls).toEqual([
    'profile run1 2',
    `prepare ${NEW_CONFIG} 2`,
    `rollOut ${NEW_CONFIG} 10% ${stage.errorAlarm(MODEL)},${stage.latencyAlarm(MODEL)}`,
  ]);
  expect(history.events()).toEqual(['trained', 'evaluated', 'canary-started']);
  // Whole instances: a tenth of two is one.
  expect([...history.entries.values()].at(-1)?.reason).toMatch(/^1 of 2 instances \(50 %, 10 % asked for\) for /);
});

test('the pointer moves when the endpoint serves the new configuration; the run is settled and its lease given back', async () => {
  const { approve, settle, become, champions, history } = setUp();
  await withRun(history);
  await approve();

  become({ status: 'Updating' });
  await settle();
  expect(champions.pointers.get(MODEL)?.version).toBe('1');
  become({ status: 'InService', configName: NEW_CONFIG });
  await settle();
  await settle();

  expect(champions.pointers.get(MODEL)).toMatchObject({ version: '2', digest: DIGEST, endpointConfigName: NEW_CONFIG });
  expect(history.events().filter((event) => event === 'promoted')).toHaveLength(1);
  expect((await history.runs())[0]?.outcome).toBe('promoted');
  expect((await history.lease())?.expiresAt).toBe(Date.UTC(2013, 3, 20));
});

test.each([['InService but on the old configuration', { failureReason: 'alarm' }]])('%s is a rollback', async (_, state) => {
  const { approve, settle, become, champions, history, told } = setUp();
  await withRun(history);
  await approve();

  become(state);
  await settle();

  expect(champions.pointers.get(MODEL)?.version).toBe('1');
  expect(history.events().at(-1)).toBe('rolled-back');
  expect((await history.runs())[0]?.outcome).toBe('rolled-back');
  expect((await history.lease())?.expiresAt).toBe(Date.UTC(2013, 3, 20));
  expect(told).toEqual(['flight-delay: version 2 rolled back']);
});

test('bytes that are not those of the registry are refused', async () => {
  const { approve, calls, history } = setUp({ digest: `sha256:${'c'.repeat(64)}` });

  await approve();

  expect(calls).toEqual([]);
  expect([...history.entries.values()].at(-1)).toMatchObject({ event: 'refused', reason: 'digest-mismatch', version: '2' });
});

test('the gates are judged again, whatever the report says of itself', async () => {
  const worse = { ...report, comparison: { auc: { value: -0.05, interval: [-0.06, -0.04] as [number, number] } } };
  const { approve, history } = setUp({ evaluation: worse });

  await approve();

  expect([...history.entries.values()].at(-1)?.reason).toMatch(/^challenger-not-better: auc gains -0.05/);
});

test('a package without a run is refused, and so is everything under a freeze', async () => {
  const unknown = setUp({ evaluation: null });
  await unknown.approve();
  const frozen = setUp();
  frozen.champions.frozen = true;
  await frozen.approve();

  expect([...unknown.history.entries.values()].at(-1)?.reason).toMatch(/^not-evaluated/);
  expect([...frozen.history.entries.values()].at(-1)?.reason).toBe('frozen');
});

test('a run that its gates refused is rejected with their reasons, and people hear of it', async () => {
  const refused = { ...report, verdict: { passed: false, reasons: ['auc 0.5100 is below 0.78'] } };
  const { end, history, champions, told } = setUp({ evaluation: refused });
  await withRun(history);

  await end('Failed');

  expect([...history.entries.values()].at(-1)).toMatchObject({ event: 'refused', reason: 'auc 0.5100 is below 0.78' });
  expect((await history.runs())[0]?.outcome).toBe('rejected');
  expect(champions.pointers.get(MODEL)?.version).toBe('1');
  expect(told).toEqual(['flight-delay: no new champion']);
});

test('a training that failed promotes nothing and says why', async () => {
  const { end, history } = setUp({ evaluation: null });
  await withRun(history);

  await end('Failed');

  expect([...history.entries.values()].at(-1)?.reason).toBe('training failed: the challenger did not pass');
  expect((await history.runs())[0]?.outcome).toBe('failed');
});
