import { type Command, InvalidArgumentError, Option } from 'commander';
import { createOutput, type Output, reportFailure } from './output';
import { DEFAULT_PLATFORM, DEFAULT_STATE } from './paths';

// Declarations only: whatever runs is imported when it does, so that --help need not wait for it.

/** What an action is given. */
export interface Invocation<O> {
  readonly options: O;
  readonly output: Output;
  readonly positional: readonly string[];
}

/** The work of one command; rejects with a Failure. */
export type Action<O> = (invocation: Invocation<O>) => Promise<void>;

/** Runs an action, imported when the command does; failures become a message and an exit code, never a stack trace. */
export function lazily<O>(load: () => Promise<Action<O>>) {
  return async (...input: unknown[]): Promise<void> => {
    const command = input.at(-1) as Command;
    const options = command.optsWithGlobals<O & { json?: boolean }>();
    const output = createOutput(options.json === true);
    try {
      // Registers TypeScript for dynamic imports; the start registers it for the declarations only, which takes a third of the time.
      (await import('tsx/esm/api')).register();
      await (await load())({ options, output, positional: command.args });
    } catch (error) {
      process.exitCode = reportFailure(error, output.json);
    }
  };
}

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object');
}

/** Adds `--platform`. */
export function withPlatform(command: Command): Command {
  return command.option('--platform <folder>', 'folder of the definitions', DEFAULT_PLATFORM);
}

/** Adds `--state`. */
export function withState(
  command: Command,
  folder: string = DEFAULT_STATE,
  description = 'state folder of the local AWS',
): Command {
  return command.option('--state <folder>', description, folder);
}

/** Adds `--port`. */
export function withPort(command: Command): Command {
  return command.option('--port <n>', 'port (loopback only)', portOf);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Must be 1 to 65535, or 0 for a free one.');
  return port;
}

/** Adds `--target`, `--stage`, `--state`, `--platform` and `--json`. */
export function withTarget(command: Command): Command {
  const where = command
    .addOption(new Option('--target <where>', 'a local AWS or an account').choices(['local', 'aws']).default('local'))
    .option('--stage <name>', 'stage to act on', 'dev');
  return withJson(withPlatform(withState(where)));
}

/** Options of `withTarget`. */
export interface TargetedOptions {
  readonly target: string;
  readonly stage: string;
  readonly state: string;
  readonly platform: string;
  readonly json?: boolean;
}
