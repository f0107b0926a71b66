import { Command, CommanderError } from 'commander';
import { addLocal } from './commands/local';
import { addToken } from './commands/token';

const program = new Command('slipway').description('ML platforms on AWS, and the same platform on a laptop').version('0.1.0');
program.exitOverride();
addLocal(program);
addToken(program);

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
