import { join, resolve } from 'node:path';
import { HELP, readCommand } from '../src/command-line';

test('without arguments a server starts with a state folder here, on its usual port and by the clock of the machine', () => {
  expect(readCommand([])).toEqual({
    name: 'start',
    stateDir: resolve('.local-aws'),
    port: 4620,
    startAt: undefined,
    python: 'python3',
  });
});

test('a state folder is told as an absolute path, an instant as epoch ms', () => {
  const parameters = ['start', '--state', 'x', '--port', '0', '--start-at', '2013-01-01T00:00:00Z', '--python', '/opt/python'];

  expect(readCommand(parameters)).toEqual({
    name: 'start',
    stateDir: join(process.cwd(), 'x'),
    port: 0,
    startAt: 1_356_998_400_000,
    python: '/opt/python',
  });
});

test('env takes the state folder and a role', () => {
  expect(readCommand(['env', '--state', '/x', '--role', 'reader'])).toEqual({ name: 'env', stateDir: '/x', role: 'reader' });
  expect(readCommand(['env', '--state', '/x'])).toEqual({ name: 'env', stateDir: '/x', role: undefined });
});

test('help names every option', () => {
  expect(readCommand(['start', '--help'])).toEqual({ name: 'help' });
  for (const option of ['state', 'port', 'start-at', 'python', 'role', 'help']) expect(HELP).toContain(`--${option}`);
});

test.each([
  [['stop'], "no command 'stop', allowed: start, env"],
  [['env', 'again'], "no command 'env again', allowed: start, env"],
  [['--port', '65536'], '--port: must be 0 to 65535, given 65536'],
  [['--port', '-1x'], /--port/],
  [['--port', ''], '--port: must be 0 to 65535, given '],
  [['--start-at', 'soon'], '--start-at: must be an instant such as 2013-01-01T00:00:00Z, given soon'],
  [['--stat', 'x'], /--stat/],
])('%j is refused', (parameters, text) => {
  expect(() => readCommand(parameters)).toThrow(text);
});
