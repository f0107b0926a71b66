import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BotocoreModel, extractConstraints } from '../../../src/wire/constraints/extract';
import type { ConstraintTable } from '../../../src/wire/constraints/table';
import { CloudBench } from '../../support/cloud-bench';

const TABLES = join(__dirname, '..', '..', '..', 'src', 'wire', 'constraints', 'tables');

const MODEL: BotocoreModel = {
  metadata: { apiVersion: '2020-01-01' },
  operations: { Put: { input: { shape: 'PutInput' } }, Get: { input: { shape: 'GetInput' } }, List: {} },
  shapes: {
    PutInput: {
      type: 'structure',
      required: ['Name'],
      members: { Name: { shape: 'Name' }, Free: { shape: 'Text' }, Tree: { shape: 'Tree' }, Data: { shape: 'Data' } },
    },
    GetInput: { type: 'structure', members: { Free: { shape: 'Text' } } },
    Name: { type: 'string', min: 1, max: 8, pattern: '[a-z]+' },
    Text: { type: 'string', min: 0, pattern: '.*' },
    Data: { type: 'blob', max: 10, sensitive: true },
    Tree: { type: 'structure', members: { Left: { shape: 'Tree' }, Name: { shape: 'Name' } } },
    Other: { type: 'string', max: 3 },
  },
};

test('a table holds what supported operations demand, and nothing else', () => {
  expect(extractConstraints('some', MODEL, ['Put', 'Get', 'List'], '1.2.3')).toEqual({
    source: 'botocore 1.2.3, some 2020-01-01',
    operations: { Get: null, List: null, Put: 'PutInput' },
    shapes: {
      Data: { type: 'blob', max: 10, sensitive: true },
      Name: { type: 'string', min: 1, max: 8, pattern: '[a-z]+' },
      PutInput: { type: 'structure', required: ['Name'], members: { Name: 'Name', Tree: 'Tree', Data: 'Data' } },
      Tree: { type: 'structure', members: { Left: 'Tree', Name: 'Name' } },
    },
  });
});

test('of services with checks of their own only missing members are looked for', () => {
  expect(extractConstraints('s3', MODEL, ['Put'], '1').shapes).toEqual({
    PutInput: { type: 'structure', required: ['Name'], members: {} },
  });
});

test('the committed tables are of the operations that the services have; else run `npm run constraints`', async () => {
  const bench = await CloudBench.start();
  const has = Object.fromEntries(bench.cloud.services.map(({ name, operations }) => [name, Object.keys(operations).sort()]));
  const committed = Object.keys(has).map((name) => {
    const table = JSON.parse(readFileSync(join(TABLES, `${name}.json`), 'utf8')) as ConstraintTable;
    return [name, Object.keys(table.operations)];
  });
  await bench.stop();

  expect(Object.fromEntries(committed)).toEqual(has);
});
