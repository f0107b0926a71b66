import { operationSections } from '../../src/fidelity/operations';
import { CloudBench } from '../support/cloud-bench';

let bench: CloudBench;

beforeAll(async () => {
  bench = await CloudBench.start();
});
afterAll(() => bench.stop());

test('an operation is either supported or refused, by the model of its service', () => {
  const kinesis = bench.cloud.services.filter(({ name }) => name === 'kinesis');
  const lines = operationSections(kinesis);

  expect(lines).toContain('- client: @aws-sdk/client-kinesis');
  expect(lines).toContainEqual(expect.stringMatching(/^- supported \(\d+\): .*\bPutRecord\b/));
  expect(lines).toContainEqual(expect.stringMatching(/^- refused \(\d+\): .*\bSplitShard\b/));
});
