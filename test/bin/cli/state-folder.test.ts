import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimStateFolder, removeStateFolder } from '../../../bin/cli/state-folder';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'state-folder-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

test('a folder that holds something else is neither filled nor removed', () => {
  writeFileSync(join(scratch, 'precious.txt'), 'mine');

  expect(() => claimStateFolder(scratch)).toThrow(/not the state folder/);
  expect(() => removeStateFolder(scratch)).toThrow(/nothing in it was touched/);
  expect(readdirSync(scratch)).toEqual(['precious.txt']);
});

test.each(['a file', 'a folder in it'])('nor is %s', (kind) => {
  const path = join(scratch, 'it');
  if (kind === 'a file') writeFileSync(path, 'mine');
  else mkdirSync(join(path, 'inner'), { recursive: true });

  expect(() => removeStateFolder(path)).toThrow(/not the state folder/);
  expect(existsSync(path)).toBe(true);
});

test('an empty or a new folder can be claimed, claimed again and removed with its content', () => {
  const fresh = join(scratch, 'deep', 'state');
  for (const folder of [fresh, scratch]) {
    if (folder === scratch) rmSync(join(scratch, 'deep'), { recursive: true });
    claimStateFolder(folder);
    writeFileSync(join(folder, 'data'), 'x');
    claimStateFolder(folder);
    removeStateFolder(folder);
    expect(existsSync(folder)).toBe(false);
    mkdirSync(scratch, { recursive: true });
  }
});

test('a folder that is not there is removed already', () => {
  expect(() => removeStateFolder(join(scratch, 'none'))).not.toThrow();
});
