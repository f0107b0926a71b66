import { consumerWith } from '../../../bin/cli/consumers';
import { clonesOf } from '../../support/clones';
import { platform } from '../../support/example-platform';

const two = clonesOf(platform, 2);
const [, second] = two.models;

test('the first consumer that may do something does it', () => {
  expect(consumerWith({ platform: two }, 'events:write').name).toBe('ops-dashboard');
  expect(consumerWith({ platform: two }, 'predict').name).toBe('mobile-app');
});

test('with a model it is one of its consumers', () => {
  expect(second?.name).toBe('flight-delay-1');
  expect(consumerWith({ platform: two }, 'predict', second).name).toBe('mobile-app-1');
});

test('where none may, it says what to define', () => {
  const nobody = { platform: { ...two, consumers: two.consumers.filter(({ name }) => !name.endsWith('-1')) } };

  expect(() => consumerWith(nobody, 'predict', second)).toThrow('no consumer has the scope predict and the model flight-delay-1');
});
