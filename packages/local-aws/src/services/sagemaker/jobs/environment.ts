import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Cloud } from '../../../cloud';

const SESSION = 'SageMaker';
const SYSTEM_PATH = ['/usr/local/bin', '/usr/bin', '/bin'];

/** The managed images that the Python interpreter given to the cloud stands for. */
export function isKnownImage(image: string | undefined): boolean {
  return /(^|\/)sagemaker-xgboost[:@]/.test(image ?? '');
}

export function unknownImage(image: string | undefined): string {
  return `ClientError: the local AWS runs sagemaker-xgboost images only (by its Python environment); given '${image}'`;
}

export function jobCaller(cloud: Cloud, roleArn: string) {
  return cloud.asRole(roleArn, SESSION, 'sagemaker');
}

function interpreter(python: string): string {
  if (isAbsolute(python)) return python;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_PATH];
  const found = folders
    .map((folder) => join(folder, python))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (found === undefined) throw new Error(`no Python interpreter '${python}' in PATH`);
  return found;
}

/** A folder whose `python3` and `python` are the environment's; wrappers, since a link would lose a virtual environment. */
function pythonFolder(cloud: Cloud): string {
  const folder = join(cloud.stateDir, 'jobs', 'bin');
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\nexec '${interpreter(cloud.python).replaceAll("'", "'\\''")}' "$@"\n`;
  for (const name of ['python3', 'python']) {
    const path = join(folder, name);
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }
  return folder;
}

/** What every job's process finds: credentials of the job's role, the endpoint, the interpreter; nothing of this server's own. */
export async function jobEnvironment(
  cloud: Cloud,
  roleArn: string,
  home: string,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const credentials = await cloud.sessionFor(roleArn, SESSION, 'sagemaker');
  return {
    ...given,
    AWS_REGION: cloud.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    PATH: [pythonFolder(cloud), ...SYSTEM_PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: 'TRUE',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'UTF-8',
  };
}

/** Processors of the instance: those of this machine, whatever the instance type says. No accelerator is passed on. */
export const HARDWARE = { cpus: availableParallelism(), gpus: 0 } as const;
