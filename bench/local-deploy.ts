import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginOf } from '../bin/actions/local';
import { deployLocal } from '../bin/cli/deployment';
import { startLocal, stopLocal } from '../bin/cli/local-process';
import { loadPlatform } from '../bin/cli/platform-folder';
import { ensurePython, PYTHON } from '../bin/cli/python-environment';
import { type Bench, median, round } from './measurement';
import { ROOT } from './processes';

const RUNS = 3;

interface Times {
  readonly first: number;
  readonly again: number;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - began) / 1e9;
}

/** A fresh local AWS that gets the dev stage twice: all of it, and nothing new. */
async function deployTwice(progress: (line: string) => void): Promise<Times> {
  const stateDir = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const environment = { ...process.env };
  try {
    const python = ensurePython({ development: false, progress });
    await python;
    const loaded = await loadPlatform();
    const server = await startLocal({ stateDir, port: 0, startAt: beginOf(loaded), python: PYTHON });
    // The first deployment synthesizes, as that of a fresh checkout does.
    rmSync(join(ROOT, 'cdk.out'), { recursive: true, force: true });
    const deploy = () => seconds(() => deployLocal({ server, stage: 'dev', loaded, progress: () => undefined, python }));
    return { first: await deploy(), again: await deploy() };
  } finally {
    // The deployment points this process's AWS clients at the server.
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    await stopLocal(stateDir);
    rmSync(stateDir, { recursive: true, force: true });
  }
}

let measured: Promise<Times[]> | undefined;

function times(progress: (line: string) => void): Promise<Times[]> {
  measured ??= (async () => {
    const all: Times[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      progress(`local-deploy ${run + 1}/${RUNS}`);
      all.push(await deployTwice(progress));
    }
    return all;
  })();
  return measured;
}

/** The dev stage onto a fresh local AWS: synthesis, bootstrap, assets, change sets, model server. */
export const localDeploy: Bench = {
  name: 'local-deploy',
  description: "the dev stage to a fresh local AWS by CDK's toolkit, synthesis and bootstrap included",
  async run(progress) {
    const value = round(median((await times(progress)).map(({ first }) => first)));
    return [{ name: 'local-deploy', value, unit: 's', budget: 20 }];
  },
};

/** The same stage once more, without a change. */
export const localRedeploy: Bench = {
  name: 'local-redeploy',
  description: 'the dev stage again without a change: what is to be deployed is known to be the same',
  async run(progress) {
    const value = round(median((await times(progress)).map(({ again }) => again)));
    return [{ name: 'local-redeploy', value, unit: 's', budget: 4 }];
  },
};
