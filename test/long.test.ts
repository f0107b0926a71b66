import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LONG_PARTS, partOfDay } from './long';

test('each part that rotates comes up in turn', () => {
  const rotating = LONG_PARTS.filter(({ rotates }) => rotates).map(({ name }) => name);
  const days = rotating.map((_, day) => partOfDay(20_000 + day).name);

  expect(days.toSorted()).toEqual(rotating.toSorted());
  expect(partOfDay(20_000 + rotating.length)).toBe(partOfDay(20_000));
});

test('the tests of each part are there', () => {
  const missing = LONG_PARTS.flatMap(({ tests }) => tests).filter(
    (file) => !existsSync(join(__dirname, '..', `${file}.test.ts`)),
  );

  expect(missing).toEqual([]);
});
