import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationSections } from '../../../local/fidelity/operations';
import { CloudBench } from '../support/cloud-bench';

const ROOT = join(__dirname, '..', '..', '..');
let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start();
});
afterAll(() => bench.stop());

/** Operations that the platform's own code asks of each SDK package: `<package> <operation>`. */
function used(): string[] {
  const files = execFileSync('git', ['ls-files', 'bin', 'lambda', 'lib'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const imports = sources.flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/client-[\w-]+)'/g)]);
  return imports.flatMap(([, names = '', sdk]) =>
    [...names.matchAll(/\b(?<!type )(\w+)Command\b/g)].map(([, operation]) => `${sdk} ${operation}`),
  );
}

test('every operation that the platform uses is supported', () => {
  const supported = new Set(
    bench.cloud.services.flatMap(({ sdk, operations }) => Object.keys(operations).map((operation) => `${sdk} ${operation}`)),
  );

  expect(used().length).toBeGreaterThan(40);
  expect([...new Set(used())].filter((operation) => !supported.has(operation))).toEqual([]);
});

test('an operation is either supported or refused, by the model of its service', () => {
  const kinesis = bench.cloud.services.filter(({ name }) => name === 'kinesis');
  const lines = operationSections(kinesis);

  expect(lines).toContainEqual(expect.stringMatching(/^- supported \(\d+\): .*\bPutRecord\b/));
  expect(lines).toContainEqual(expect.stringMatching(/^- refused \(\d+\): .*\bSplitShard\b/));
});
