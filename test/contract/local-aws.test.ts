import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { platform } from '../support/example-platform';
import { StageTemplates } from '../support/stage-templates';

// What the platform needs of the local AWS, held against the document in which that says what it does.

const ROOT = join(__dirname, '..', '..');
const fidelity = readFileSync(join(dirname(require.resolve('local-aws/package.json')), 'docs', 'fidelity.md'), 'utf8');
const sections = fidelity.split(/^### /m).slice(1);

/** `<type> <property>` of what the document says works or is kept. */
function documentedProperties(): Set<string> {
  return new Set(
    sections.flatMap((section) => {
      const [type = '', ...lines] = section.split('\n');
      const kept = lines.filter((line) => /^- (enforced|stored): /.test(line));
      return kept.flatMap((line) => [...line.matchAll(/`(\w+)`/g)].map(([, name]) => `${type} ${name}`));
    }),
  );
}

/** Every `<type> <property>` of the dev stage's templates. */
function usedProperties(): string[] {
  const stages = platform.stages.filter(({ name }) => name === 'dev');
  const resources = new StageTemplates({ ...platform, stages }).all('dev');
  return resources.flatMap(([, { Type, Properties }]) => Object.keys(Properties ?? {}).map((name) => `${Type} ${name}`));
}

/** Operations that are supported: `<package> <operation>`. */
function supportedOperations(): Set<string> {
  return new Set(
    sections.flatMap((section) => {
      const sdk = /^- client: (\S+)$/m.exec(section)?.[1];
      const names = /^- supported \(\d+\): (.*)$/m.exec(section)?.[1]?.split(', ') ?? [];
      return names.map((name) => `${sdk} ${name}`);
    }),
  );
}

/** Operations that our own code asks of each SDK package. */
function usedOperations(): string[] {
  const files = execFileSync('git', ['ls-files', 'bin', 'lambda', 'lib'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const sources = files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const imports = sources.flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '(@aws-sdk\/client-[\w-]+)'/g)]);
  return imports.flatMap(([, names = '', sdk]) =>
    [...names.matchAll(/\b(?<!type )(\w+)Command\b/g)].map(([, operation]) => `${sdk} ${operation}`),
  );
}

test('every property of the dev templates is documented as enforced or stored', () => {
  const documented = documentedProperties();
  const used = new Set(usedProperties().filter((property) => !/^(Custom::|AWS::CloudFormation::CustomResource)/.test(property)));

  expect(used.size).toBeGreaterThan(200);
  expect([...used].filter((property) => !documented.has(property))).toEqual([]);
});

test('every operation that the platform uses is supported', () => {
  const supported = supportedOperations();
  const used = usedOperations();

  expect(used.length).toBeGreaterThan(40);
  expect([...new Set(used)].filter((operation) => !supported.has(operation))).toEqual([]);
});
