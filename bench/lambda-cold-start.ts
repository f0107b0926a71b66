import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTIONS } from '../lib/shared/artefacts';
import { type Bench, type Measurement, median, round, withReference } from './measurement';
import { ROOT, timed } from './processes';

const RUNS = 7;
/** Variables that the functions read when they start; nothing is called. */
const ENVIRONMENT = {
  STAGE: 'dev',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'x',
  AWS_SECRET_ACCESS_KEY: 'x',
  QUARANTINE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/q',
  MODELS_BUCKET: 'bucket',
  ISSUERS:
    '[{"name":"people","issuer":"https://i.example","jwksUri":"https://i.example/j","algorithms":["RS256"],"audiences":null,"tokenUse":"access","maxLifetimeSeconds":3600}]',
  ISSUER: 'https://i.example',
  PLATFORM_VERSION: '1',
  ROLE_ARN_PREFIX: 'arn:aws:iam::1:role/',
  MODELS_KEY_ARN: 'arn',
  ON_CALL_TOPIC: 'arn',
  VPC: 'null',
};

function node24(): string {
  const binary = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(binary) ? binary : process.execPath;
}

/** A new process that loads a bundle and is ready for its first event; the reference is a process that loads nothing. */
export const lambdaColdStart: Bench = {
  name: 'lambda-cold-start',
  description: 'process start, require and init of each bundle on the declared runtime',
  async run(progress) {
    await timed(process.execPath, [`${ROOT}/node_modules/aws-cdk/bin/cdk`, 'synth', '-q', '-c', 'stage=dev']);
    const node = node24();
    const empty: number[] = [];
    for (let run = 0; run < RUNS; run += 1) empty.push((await timed(node, ['-e', '0'])) * 1000);
    const reference = round(median(empty));
    const found: Measurement[] = [];
    for (const name of FUNCTIONS) {
      progress(`lambda-cold-start ${name}`);
      const bundle = join(ROOT, 'cdk.out', 'artefacts', 'functions', name, 'index.js');
      const values: number[] = [];
      for (let run = 0; run < RUNS; run += 1)
        values.push((await timed(node, ['-e', `require(${JSON.stringify(bundle)})`], ENVIRONMENT)) * 1000);
      found.push(
        withReference({ name: `lambda-cold-start/${name}`, value: round(median(values)), unit: 'ms', budget: 170, reference }),
      );
    }
    return found;
  },
};
