import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LONG_PARTS, partOfDay } from './long';

test('each part comes up in turn', () => {
  const days = Array.from({ length: LONG_PARTS.length }, (_, day) => partOfDay(20_000 + day).name);

  expect(new Set(days)).toEqual(new Set(LONG_PARTS.map(({ name }) => name)));
  expect(partOfDay(20_000 + LONG_PARTS.length)).toBe(partOfDay(20_000));
});

test('the tests of each part are there', () => {
  const missing = LONG_PARTS.flatMap(({ tests }) => tests).filter(
    (file) => !existsSync(join(__dirname, '..', `${file}.test.ts`)),
  );

  expect(missing).toEqual([]);
});
