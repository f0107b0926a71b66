import { Signals, signalsOf } from '../../src/signals/signals';

test('a notification wakes who listens to its ARN, until that ends', () => {
  const signals = new Signals();
  const heard: string[] = [];
  const end = signals.subscribe('arn:a', () => heard.push('first'));
  signals.subscribe('arn:a', () => heard.push('second'));
  signals.subscribe('arn:b', () => heard.push('other'));

  signals.notify('arn:a');
  end();
  signals.notify('arn:a');
  signals.notify('arn:nobody');

  expect(heard).toEqual(['first', 'second', 'second']);
});

test('a listener may end its own listening while it is woken', () => {
  const signals = new Signals();
  const heard: string[] = [];
  const end = signals.subscribe('arn:a', () => {
    heard.push('once');
    end();
  });
  signals.subscribe('arn:a', () => heard.push('always'));

  signals.notify('arn:a');
  signals.notify('arn:a');

  expect(heard).toEqual(['once', 'always', 'always']);
});

test('each cloud has its own signals', () => {
  const [one, other] = [{}, {}];

  expect(signalsOf(one)).toBe(signalsOf(one));
  expect(signalsOf(one)).not.toBe(signalsOf(other));
});
