import { once } from '../../core/once';

test('what is made of a key is made once, and of another key anew', () => {
  const made: object[] = [];
  const double = once((key: { n: number }) => {
    made.push(key);
    return key.n * 2;
  });
  const [one, two] = [{ n: 1 }, { n: 2 }];

  expect([double(one), double(one), double(two)]).toEqual([2, 2, 4]);
  expect(made).toEqual([one, two]);
});

test('also a value of undefined is kept', () => {
  let calls = 0;
  const nothing = once(() => {
    calls += 1;
  });
  const key = {};
  nothing(key);
  nothing(key);
  expect(calls).toBe(1);
});
