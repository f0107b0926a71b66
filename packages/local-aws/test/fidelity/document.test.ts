import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { names } from '../../../core/naming';
import { buildArtefacts } from '../../../lib/shared/artefacts';
import { createPlatformStacks } from '../../../lib/stacks/platform-stacks';
import { DIFFERENCES } from '../../../local/fidelity/differences';
import { fidelityDocument } from '../../../local/fidelity/document';
import { platform } from '../../../platform';
import { CloudBench } from '../support/cloud-bench';

const ROOT = join(__dirname, '..', '..', '..');
const committed = readFileSync(join(ROOT, 'docs', 'local-fidelity.md'), 'utf8');
let bench: CloudBench;
let out: string;

beforeAll(async () => {
  bench = await CloudBench.start();
  out = mkdtempSync(join(tmpdir(), 'fidelity-'));
}, 30_000);
afterAll(async () => {
  await bench.stop();
  rmSync(out, { recursive: true, force: true });
});

/** Every `<type> <property>` of the dev stage's templates. */
function usedProperties(): Set<string> {
  const stage = platform.stages.find(({ name }) => name === 'dev');
  if (stage === undefined) throw new Error('no dev stage');
  const app = new App({ context: JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context });
  createPlatformStacks(app, { platform, stage, names: names(stage.name), artefacts: buildArtefacts(ROOT, out, platform) });
  const resources = app.node.children
    .filter(Stack.isStack)
    .flatMap((stack) => Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>));
  return new Set(resources.flatMap(({ Type, Properties }) => Object.keys(Properties ?? {}).map((name) => `${Type} ${name}`)));
}

interface Resource {
  readonly Type: string;
  readonly Properties?: object;
}

/** `<type> <property>` of what the document says works or is kept. */
function documentedProperties(): Set<string> {
  const sections = committed.split(/^### /m).slice(1);
  return new Set(
    sections.flatMap((section) => {
      const [type = '', ...lines] = section.split('\n');
      const kept = lines.filter((line) => /^- (enforced|stored): /.test(line));
      return kept.flatMap((line) => [...line.matchAll(/`(\w+)`/g)].map(([, name]) => `${type} ${name}`));
    }),
  );
}

test('the committed document is what `npm run fidelity` writes', () => {
  expect(fidelityDocument(bench.cloud.services)).toBe(committed);
});

test('the order of the services does not change the document', () => {
  expect(fidelityDocument([...bench.cloud.services].reverse())).toBe(committed);
});

test('every property of the dev templates is documented as enforced or stored', () => {
  const documented = documentedProperties();
  const used = [...usedProperties()].filter((property) => !/^(Custom::|AWS::CloudFormation::CustomResource)/.test(property));

  expect(used.length).toBeGreaterThan(200);
  expect(used.filter((property) => !documented.has(property))).toEqual([]);
}, 60_000);

test('differences are told of services that exist', () => {
  const known = ['all services', ...bench.cloud.services.map(({ name }) => name)];
  expect(Object.keys(DIFFERENCES).filter((area) => !known.includes(area))).toEqual([]);
});
