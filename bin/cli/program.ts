import { type Command, Option } from 'commander';
import { createOutput, type Output, reportFailure } from './output';
import { DEFAULT_STATE } from './state-folder';
import { openTarget, type Target, type TargetOptions } from './target';

/** Adds `--json`. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print one JSON object');
}

/** Adds `--state`, `--target`, `--stage` and `--json`. */
export function withTarget(command: Command): Command {
  return withJson(command)
    .addOption(new Option('--target <where>', 'a local AWS or an account').choices(['local', 'aws']).default('local'))
    .option('--stage <name>', 'stage to act on', 'dev')
    .option('--state <folder>', 'state folder of the local AWS', DEFAULT_STATE);
}

/** Runs a command's work; failures become a message and an exit code, never a stack trace. */
export function run<O extends { json?: boolean }>(
  work: (options: O, output: Output, positional: readonly string[]) => Promise<void>,
) {
  return async (...input: unknown[]): Promise<void> => {
    const command = input.at(-1) as Command;
    const options = command.optsWithGlobals<O>();
    const output = createOutput(options.json === true);
    try {
      await work(options, output, command.args);
    } catch (error) {
      process.exitCode = reportFailure(error, output.json);
    }
  };
}

export type TargetedOptions = TargetOptions & { readonly json?: boolean };

/** The same for commands that act on a target. */
export function runOn<O extends TargetedOptions>(
  work: (target: Target, options: O, output: Output, positional: readonly string[]) => Promise<void>,
) {
  return run<O>((options, output, positional) => work(openTarget(options), options, output, positional));
}
