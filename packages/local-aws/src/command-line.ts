import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What was asked for on the command line. */
export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'env'; readonly stateDir: string; readonly role: string | undefined }
  | {
      readonly name: 'start';
      readonly stateDir: string;
      readonly port: number;
      /** Simulated epoch ms at the very first start. */
      readonly startAt: number | undefined;
      readonly python: string;
    };

/** A command line, or a state folder, with which nothing can be done; the text says what is allowed. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

const DEFAULTS = { state: '.local-aws', port: '4620', python: 'python3' } as const;

export const HELP = `local-aws [start]   starts a local AWS; Ctrl-C ends it, and its state stays
local-aws env       prints shell exports for AWS clients, with an administrator's credentials for an hour

  --state FOLDER    what it holds, made if absent (default ${DEFAULTS.state})
  --port N          port on 127.0.0.1; 0 takes a free one (default ${DEFAULTS.port}); addresses that the state holds name it
  --start-at TIME   start: where the clock of a new state begins, such as 2013-01-01T00:00:00Z (default now)
  --python PATH     start: interpreter of jobs and model servers, with the packages that their scripts import (default ${DEFAULTS.python})
  --role NAME       env: credentials of this role instead
  --help
`;

const COMMANDS = ['start', 'env'] as const;

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new UsageError(`--port: must be 0 to 65535, given ${text}`);
  return port;
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw new UsageError(`--start-at: must be an instant such as 2013-01-01T00:00:00Z, given ${text}`);
  return instant;
}

/** Reads the arguments after the program's name. Throws UsageError, or parseArgs's error for an unknown option. */
export function readCommand(parameters: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      state: { type: 'string', default: DEFAULTS.state },
      port: { type: 'string', default: DEFAULTS.port },
      'start-at': { type: 'string' },
      python: { type: 'string', default: DEFAULTS.python },
      role: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return { name: 'help' };
  const [name = 'start'] = positionals;
  if (!COMMANDS.some((known) => known === name) || positionals.length > 1)
    throw new UsageError(`no command '${positionals.join(' ')}', allowed: ${COMMANDS.join(', ')}`);
  const stateDir = resolve(values.state);
  if (name === 'env') return { name, stateDir, role: values.role };
  return {
    name: 'start',
    stateDir,
    port: portOf(values.port),
    startAt: instantOf(values['start-at']),
    python: values.python,
  };
}
