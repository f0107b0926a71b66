import { Command, CommanderError } from 'commander';
import { addData } from './commands/data';
import { addDefinitions } from './commands/definitions';
import { addLocal } from './commands/local';
import { addLoop } from './commands/loop';
import { addModels } from './commands/models';
import { addStart } from './commands/start';
import { addToken } from './commands/token';

const program = new Command('slipway').description('ML platforms on AWS, and the same platform on a laptop').version('0.1.0');
program.exitOverride();
addStart(program);
addLocal(program);
addToken(program);
addData(program);
addDefinitions(program);
addModels(program);
addLoop(program);

program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
});
