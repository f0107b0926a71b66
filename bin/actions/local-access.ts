import { resolve } from 'node:path';
import { clientEnvironment } from '../cli/client-environment';
import { Control, type Denial } from '../cli/control';
import type { Action } from '../cli/program';
import { requireServer } from '../cli/state-folder';

interface AccessOptions {
  readonly state: string;
}

/** A comment to the shell: its address of SQS is built in, and would be asked in an account. */
const SQS_NOTE =
  '# The AWS CLI v1 takes no endpoint from the environment for sqs: aws --endpoint-url "$AWS_ENDPOINT_URL" sqs ...';

/** `slipway local env` */
export const env: Action<AccessOptions & { role?: string }> = async ({ options, output }) => {
  const server = requireServer(resolve(options.state));
  const credentials = await new Control(server).session(options.role);
  const variables = clientEnvironment(server, credentials);
  output.result(variables, () => [...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`), SQS_NOTE]);
};

function denialLines(denial: Denial): string[] {
  const { lastAt, count, message, where, statement } = denial;
  const help =
    statement === undefined ? [`  denied by  ${where}`] : [`  needs      ${JSON.stringify(statement)}`, `  in         ${where}`];
  return [`${lastAt}  ${count} x  ${message}`, ...help];
}

/** `slipway local denied` */
export const denied: Action<AccessOptions & { clear?: boolean }> = async ({ options, output }) => {
  const control = new Control(requireServer(resolve(options.state)));
  const list = options.clear === true ? await control.clearDenied() : await control.denied();
  output.result({ denied: list }, () => (list.length === 0 ? ['nothing was refused'] : list.flatMap(denialLines)));
};
