import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Control, type Denial } from '../cli/control';
import type { Output } from '../cli/output';
import { run } from '../cli/program';
import { requireServer } from '../cli/state-folder';

interface AccessOptions {
  readonly state: string;
  readonly json?: boolean;
}

/** A comment to the shell: its address of SQS is built in, and would be asked in an account. */
const SQS_NOTE =
  '# The AWS CLI v1 takes no endpoint from the environment for sqs: aws --endpoint-url "$AWS_ENDPOINT_URL" sqs ...';

async function env(options: AccessOptions & { role?: string }, output: Output): Promise<void> {
  const server = requireServer(resolve(options.state));
  const credentials = await new Control(server).session(options.role);
  const variables = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: server.endpoint,
    AWS_REGION: server.region,
    AWS_DEFAULT_REGION: server.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
  output.result(variables, () => [...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`), SQS_NOTE]);
}

function denialLines(denial: Denial): string[] {
  const { lastAt, count, message, where, statement } = denial;
  const help =
    statement === undefined ? [`  denied by  ${where}`] : [`  needs      ${JSON.stringify(statement)}`, `  in         ${where}`];
  return [`${lastAt}  ${count} x  ${message}`, ...help];
}

async function denied(options: AccessOptions & { clear?: boolean }, output: Output): Promise<void> {
  const control = new Control(requireServer(resolve(options.state)));
  const list = options.clear === true ? await control.clearDenied() : await control.denied();
  output.result({ denied: list }, () => (list.length === 0 ? ['nothing was refused'] : list.flatMap(denialLines)));
}

/** `slipway local env` and `slipway local denied`: who may do what. */
export function addAccess(command: (name: string, description: string) => Command): void {
  command('env', 'shell exports for AWS clients, with credentials for an hour')
    .option('--role <name>', 'act in this role instead of as administrator')
    .action(run<AccessOptions & { role?: string }>(env));
  command('denied', 'calls that were refused, with the statement that each would have needed')
    .option('--clear', 'forget them')
    .action(run<AccessOptions & { clear?: boolean }>(denied));
}
