import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import {
  BaseCredentials,
  BootstrapEnvironments,
  CdkAppMultiContext,
  ExpandStackSelection,
  type IIoHost,
  type IoMessage,
  type IoRequest,
  StackSelectionStrategy,
  Toolkit,
} from '@aws-cdk/toolkit-lib';
import { names } from '../../core/naming';
import { AssemblyCache } from './assembly-cache';
import { clientEnvironment } from './client-environment';
import { Failure } from './failure';
import { DEFAULT_PLATFORM, ROOT } from './paths';
import type { LoadedPlatform } from './platform-folder';
import type { LocalServer } from './state-folder';

/** Says what the toolkit does, one line per stack event that matters. */
class ProgressHost implements IIoHost {
  readonly errors: string[] = [];

  constructor(private readonly progress: (line: string) => void) {}

  async notify(message: IoMessage<unknown>): Promise<void> {
    if (message.level === 'error') this.errors.push(message.message);
    if (message.code === 'CDK_TOOLKIT_I5100' || message.code === 'CDK_TOOLKIT_I5900') this.progress(message.message.trim());
  }

  async requestResponse<T>(message: IoRequest<unknown, T>): Promise<T> {
    return message.defaultResponse;
  }
}

export interface DeploymentOptions {
  readonly server: LocalServer;
  readonly stage: string;
  readonly loaded: LoadedPlatform;
  readonly progress: (line: string) => void;
  /** Settles when model servers can run: the stacks that hold data do not wait for it. */
  readonly python: Promise<string>;
}

/** Where the assembly of a platform is made: the owner's own where `cdk` makes it, any other apart from it. */
function outputOf({ folder }: LoadedPlatform): string {
  if (folder === join(ROOT, DEFAULT_PLATFORM)) return 'cdk.out';
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join('.slipway', 'assemblies', `${basename(folder)}-${name}`);
}

/** Stacks without model servers, and the rest. */
const DATA_ROLES = ['foundation', 'data', 'models'] as const;
const SERVING_ROLES = ['serving', 'application'] as const;

/** The assembly of a stage: synthesized, or the last one if nothing that it comes from has changed. */
async function assemble(toolkit: Toolkit, stage: string, loaded: LoadedPlatform) {
  const output = outputOf(loaded);
  const folder = join(ROOT, output);
  const platform = loaded.folder;
  const cache = new AssemblyCache(ROOT, folder, { stage, definitions: JSON.stringify(loaded.platform) });
  if (cache.isCurrent()) return toolkit.synth(await toolkit.fromAssemblyDirectory(folder), {});
  return cache.renew(async () => {
    // The library's validation is WebAssembly that runs for seconds: compiling it well costs more than it saves.
    const app = await toolkit.fromCdkApp(`${process.execPath} --liftoff-only --import tsx bin/app.ts`, {
      workingDirectory: ROOT,
      outdir: output,
      contextStore: new CdkAppMultiContext(ROOT, { stage, platform }),
    });
    return toolkit.synth(app, {});
  });
}

/** Deploys a stage to a local AWS by CDK's own toolkit: bootstrap, assets, change sets, as to an account. */
export async function deployLocal({ server, stage, loaded, progress, python }: DeploymentOptions): Promise<void> {
  Object.assign(process.env, { ...clientEnvironment(server, server.credentials), AWS_EC2_METADATA_DISABLED: 'true' });
  delete process.env.AWS_SESSION_TOKEN;
  delete process.env.AWS_PROFILE;
  const ioHost = new ProgressHost(progress);
  const toolkit = new Toolkit({
    ioHost,
    color: false,
    emojis: false,
    sdkConfig: { baseCredentials: BaseCredentials.awsCliCompatible() },
  });
  try {
    progress('synthesizing and bootstrapping ...');
    const [built] = await Promise.all([
      assemble(toolkit, stage, loaded),
      toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://${server.account}/${server.region}`])),
    ]);
    const deploy = (roles: readonly string[]) =>
      toolkit.deploy(built, {
        stacks: {
          strategy: StackSelectionStrategy.PATTERN_MUST_MATCH,
          patterns: roles.map((role) => names(stage).of(role)),
          expand: ExpandStackSelection.NONE,
        },
        assetParallelism: true,
        stackEventPollingInterval: 200,
      });
    await deploy(DATA_ROLES);
    await python;
    await deploy(SERVING_ROLES);
    await built.dispose();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const detail = [...ioHost.errors, error instanceof Error ? error.message : String(error)].join('\n');
    throw new Failure(
      `the deployment of stage ${stage} failed:\n${detail}`,
      1,
      'The log of the local AWS has more: local.log in the state folder.',
    );
  }
}
