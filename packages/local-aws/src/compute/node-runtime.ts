import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Node runtimes that can be declared here; Python and others are refused when a function is made. */
export const NODE_RUNTIMES: readonly string[] = ['nodejs18.x', 'nodejs20.x', 'nodejs22.x', 'nodejs24.x'];

/** The binary for a declared runtime: the installed `node-<platform>-<arch>` package (Node 24) for 22 and 24, else this process's own. */
export function nodeBinary(runtime: string): string {
  if (runtime !== 'nodejs24.x' && runtime !== 'nodejs22.x') return process.execPath;
  try {
    const binary = join(dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)), 'bin', 'node');
    return existsSync(binary) ? binary : process.execPath;
  } catch {
    return process.execPath;
  }
}

/** A module folder with nothing but the AWS SDK, which AWS's Node runtimes carry. Made once under `stateDir`. */
export function sdkModules(stateDir: string): string {
  const folder = join(stateDir, 'lambda', 'runtime', 'node_modules');
  const sdk = dirname(dirname(require.resolve('@aws-sdk/client-s3/package.json')));
  mkdirSync(folder, { recursive: true });
  for (const [name, target] of [
    ['@aws-sdk', sdk],
    ['@smithy', join(dirname(sdk), '@smithy')],
  ] as const) {
    if (!existsSync(join(folder, name)) && existsSync(target)) symlinkSync(target, join(folder, name));
  }
  return folder;
}
