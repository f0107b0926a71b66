import { UsageError } from './command-line';
import type { ServerDescription } from './server-file';

interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** A comment to the shell: that client's address of SQS is built in, and would be asked in an account. */
const SQS_NOTE =
  '# The AWS CLI v1 takes no endpoint from the environment for sqs: aws --endpoint-url "$AWS_ENDPOINT_URL" sqs ...';

/**
 * Shell exports for AWS clients, with credentials for an hour of the administrator or of a role (name or ARN). Throws UsageError if there
 * is no such role.
 */
export async function sessionExports(server: ServerDescription, role: string | undefined): Promise<string> {
  const response = await fetch(`${server.endpoint}/_local/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.controlToken}` },
    body: JSON.stringify(role === undefined ? {} : { role }),
  });
  if (!response.ok) throw new UsageError(((await response.json()) as { message: string }).message);
  const session = (await response.json()) as Session;
  const variables = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: server.endpoint,
    AWS_REGION: server.region,
    AWS_DEFAULT_REGION: server.region,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
  return [...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`), SQS_NOTE, ''].join('\n');
}
