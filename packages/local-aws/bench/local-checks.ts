import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Caller } from '../src/cloud';
import { LocalCloud } from '../src/server';
import { checkConstraints } from '../src/wire/constraints/check';
import { type Bench, type Measurement, round } from './measurement';

const CALLS = 20_000;
const RUNS = 5;
const TABLES = 10;
const ROLE = 'bench';
/** A tenth of a local request's budget of 1 ms. */
const BUDGET_US = 100;

const GROUPS = {
  Identifiers: ['a', 'b', 'c'].map((FeatureGroupName) => ({ FeatureGroupName, RecordIdentifiersValueAsString: ['JFK'] })),
};

/** Median over the runs, in us per call. */
function cost(work: () => void): number {
  const runs = createHistogram({ figures: 4 });
  for (let run = 0; run < RUNS; run += 1) {
    const began = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) work();
    runs.record(process.hrtime.bigint() - began);
  }
  return runs.percentile(50) / 1000 / CALLS;
}

async function makeRole(cloud: LocalCloud): Promise<Caller> {
  const call = (operation: string, input: object): Promise<unknown> =>
    cloud.call('iam', operation, { RoleName: ROLE, ...input }, cloud.asService('bench.amazonaws.com'));
  const document = (Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await call('CreateRole', { AssumeRolePolicyDocument: document([trust]) });
  const statements = Array.from({ length: TABLES }, (_, index) => ({
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    Resource: `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/t${index}`,
  }));
  await call('PutRolePolicy', { PolicyName: 'rights', PolicyDocument: document(statements) });
  return cloud.asRole(`arn:aws:iam::${cloud.account}:role/${ROLE}`, 'bench', 'lambda');
}

/** What each call to the local AWS pays before its operation: the check of its input, and of its caller's right. */
export const localChecks: Bench = {
  name: 'local-checks',
  description: "the check of a call's input and of its caller's right, in us",
  async run(progress) {
    progress('local-checks');
    const stateDir = mkdtempSync(join(tmpdir(), 'local-aws-checks-'));
    const cloud = await LocalCloud.start({ stateDir });
    try {
      const caller = await makeRole(cloud);
      // As between two calls over the wire: what a change is noted by has come to its end.
      await setImmediate();
      const resource = `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/t${TABLES - 1}`;
      const rights = [{ action: 'dynamodb:GetItem', resource }];
      const refusal = { code: 'AccessDeniedException', status: 400 };
      const record = { StreamName: 's', PartitionKey: 'k', Data: Buffer.from('x') };
      const figure = (name: string, work: () => void): Measurement => ({
        name: `local-checks/${name}`,
        value: round(cost(work)),
        unit: 'us',
        budget: BUDGET_US,
      });
      return [
        figure('right', () => cloud.authorizer.check(caller, rights, refusal)),
        figure('input/PutRecord', () => checkConstraints('kinesis', 'PutRecord', record)),
        figure('input/BatchGetRecord', () => checkConstraints('sagemaker-featurestore-runtime', 'BatchGetRecord', GROUPS)),
      ];
    } finally {
      await cloud.stop();
      rmSync(stateDir, { recursive: true, force: true });
    }
  },
};
