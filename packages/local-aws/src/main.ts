import { type Command, HELP, readCommand } from './command-line';
import { LocalCloud } from './server';
import { checkNoneRuns, removeServerFile, runningServer, writeServerFile } from './server-file';
import { sessionExports } from './session-exports';
import { diskFailureOf } from './storage/disk-failure';

// The program `local-aws`. A server writes `server.json` into its state folder when it answers, and removes it when it ends; to a parent
// process with a channel it sends `{ ready: true }` or `{ failed: { code, message } }`.

// Work in the background that meets a full disk is lost, as its failed call would be; it does not end the server. All else is a defect.
process.on('unhandledRejection', (error) => {
  const failure = diskFailureOf(error);
  if (failure === undefined) throw error;
  process.stdout.write(`${new Date().toISOString()} storage: ${failure.message}\n`);
});

function welcome(cloud: LocalCloud, stateDir: string): string {
  return `local AWS at ${cloud.endpoint}, account ${cloud.account}, region ${cloud.region}, state in ${stateDir}
In another shell, for the AWS CLI, boto3, SDKs and CDK: eval "$(npx local-aws env --state '${stateDir}')"
Ctrl-C ends it; its state stays.
`;
}

async function start({ stateDir, port, startAt, python }: Extract<Command, { name: 'start' }>): Promise<void> {
  await checkNoneRuns(stateDir);
  const cloud = await LocalCloud.start({
    stateDir,
    port,
    python,
    log: (line) => process.stdout.write(`${line}\n`),
    ...(startAt === undefined ? {} : { startAt }),
  });
  const { endpoint, account, region, controlToken } = cloud;
  const credentials = await cloud.identities.administrator();
  writeServerFile(stateDir, { pid: process.pid, port: cloud.port, endpoint, account, region, controlToken, credentials });
  const stop = (): void => {
    removeServerFile(stateDir);
    cloud.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(welcome(cloud, stateDir));
  process.send?.({ ready: true });
}

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  if (command.name === 'start') return start(command);
  process.stdout.write(
    command.name === 'help' ? HELP : await sessionExports(await runningServer(command.stateDir), command.role),
  );
}

main().catch((error: unknown) => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FAILED';
  const message = error instanceof Error ? error.message : String(error);
  process.send?.({ failed: { code, message } });
  // What a person can mend is told; where a defect arose is told too.
  const text = code === 'FAILED' && error instanceof Error ? (error.stack ?? message) : message;
  process.stderr.write(`local-aws: ${text}\n`);
  process.exit(1);
});
