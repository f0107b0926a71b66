import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIFFERENCES } from '../../src/fidelity/differences';
import { fidelityDocument } from '../../src/fidelity/document';
import { CloudBench } from '../support/cloud-bench';

const committed = readFileSync(join(__dirname, '..', '..', 'docs', 'fidelity.md'), 'utf8');
let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start();
});
afterAll(() => bench.stop());

test('the committed document is what `npm run fidelity` writes', () => {
  expect(fidelityDocument(bench.cloud.services)).toBe(committed);
});

test('the order of the services does not change the document', () => {
  expect(fidelityDocument([...bench.cloud.services].reverse())).toBe(committed);
});

test('differences are told of services that exist', () => {
  const known = ['all services', ...bench.cloud.services.map(({ name }) => name)];
  expect(Object.keys(DIFFERENCES).filter((area) => !known.includes(area))).toEqual([]);
});
