import { faultsOf } from '../../../bin/actions/local-fault';

const base = { state: 's' };

test('each effect that is asked for is a fault of its own, on the same calls', () => {
  const options = {
    ...base,
    service: 'kinesis',
    operation: 'PutRecord',
    latency: '200ms',
    error: 'LimitExceededException',
    rate: 0.3,
  };

  expect(faultsOf(options)).toEqual([
    expect.objectContaining({ kind: 'latency', service: 'kinesis', operation: 'PutRecord', latencyMs: 200, rate: 0.3 }),
    expect.objectContaining({
      kind: 'error',
      service: 'kinesis',
      operation: 'PutRecord',
      error: 'LimitExceededException',
      rate: 0.3,
    }),
  ]);
});

test.each([
  [
    { throttle: true, service: 's3' },
    { kind: 'throttle', service: 's3' },
  ],
  [{ partial: 0.5 }, { kind: 'partial', partial: 0.5 }],
  [
    { killEnvironment: 'f', count: 1 },
    { kind: 'kill-environment', resource: 'f', count: 1 },
  ],
  [{ jwksDown: true as const }, { kind: 'jwks-down', answer: undefined }],
  [{ jwksDown: 'hang' as const }, { kind: 'jwks-down', answer: 'hang' }],
  [{ disabledKey: 'k' }, { kind: 'disabled-key', resource: 'k' }],
  [{ stopClock: true }, { kind: 'stop-clock' }],
])('%j is %j', (options, fault) => {
  expect(faultsOf({ ...base, ...options })).toEqual([expect.objectContaining(fault)]);
});
