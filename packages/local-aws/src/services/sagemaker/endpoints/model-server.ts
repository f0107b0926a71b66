import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from '../../../cloud';
import { unpack } from '../jobs/archive';
import { isKnownImage, jobEnvironment } from '../jobs/environment';
import { JobLog } from '../jobs/job-log';
import { S3Files } from '../s3-files';
import type { Container } from './records';
import { ConnectionError, type ModelRequest, type ModelResponse, ServerClient } from './server-client';

const SCRIPT = join(__dirname, '..', '..', '..', 'compute', 'serving', 'server.py');
const PING_MS = 2000;
const RESTART_MS = 1000;
const STOP_GRACE_MS = 30_000;
const PORT_LINE = /^\{"port": (\d+)\}$/;
/** How long a model may take to answer. */
export const INVOCATION_LIMIT_MS = 60_000;
const NO_BODY = new Uint8Array();

export interface ServerSpec {
  readonly endpoint: string;
  readonly variant: string;
  /** Folder of this server alone. */
  readonly folder: string;
  readonly container: Container;
  /** Last part of the log stream's name, as an instance id in an account. */
  readonly instance: string;
}

/** Why an instance could not come into service, as SageMaker words it. */
export class LaunchFailure extends Error {}

/** The server was told to end before a request reached it: its fleet was replaced, and another one answers. */
export class Retired extends LaunchFailure {
  constructor() {
    super('The model server was stopped.');
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly client: ServerClient;
}

/**
 * The model server of a variant in a fleet: one Python process that answers for all of the variant's instances (a process is 150 MB
 * and serves far more than a laptop sends; counts of instances are state and metrics). It is started again when it ends by itself,
 * and its unpacked artefact is kept, so that it comes back after a restart of the local AWS even if the artefact is gone from S3.
 */
export class ModelServer {
  readonly log: JobLog;
  private running: Promise<Running> | undefined;
  private up: Running | undefined;
  private stopped = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly spec: ServerSpec,
  ) {
    const caller = cloud.asRole(spec.container.roleArn, 'SageMaker', 'sagemaker');
    const stream = `${spec.variant}/${spec.instance}`;
    this.log = new JobLog(cloud, `/aws/sagemaker/Endpoints/${spec.endpoint}`, spec.endpoint, caller, () => undefined, stream);
  }

  /** Starts the server if it does not run; resolves when it passes its health check. Throws `LaunchFailure`. */
  async ready(): Promise<void> {
    await this.current();
  }

  /** Throws `Retired` if the request was not sent, `ConnectionError` if it may have been. */
  async send(request: ModelRequest): Promise<ModelResponse> {
    if (this.stopped) throw new Retired();
    const running = this.up ?? (await this.current());
    return running.client.send(request).catch((error: unknown) => {
      if (error instanceof ConnectionError) this.lost(running);
      throw error;
    });
  }

  /** Ends the process at once if requests are under way in it; false if none are. */
  killBusy(): boolean {
    if (this.up?.client.busy !== true) return false;
    this.lost(this.up);
    return true;
  }

  /** Ends the process; with `remove`, what it has been asked is answered before, and its files go too. */
  async stop(remove: boolean): Promise<void> {
    this.stopped = true;
    const running = await this.running?.catch(() => undefined);
    if (running !== undefined && remove) await drained(running.client);
    if (running !== undefined) await end(running);
    await this.log.close();
    if (remove) rmSync(this.spec.folder, { recursive: true, force: true });
  }

  private current(): Promise<Running> {
    if (this.stopped) return Promise.reject(new Retired());
    if (this.running === undefined) {
      const booting = this.boot();
      this.running = booting;
      booting.catch(() => setTimeout(() => this.forget(booting), RESTART_MS).unref());
    }
    return this.running;
  }

  private forget(running: Promise<Running>): void {
    if (this.running === running) this.running = undefined;
  }

  private async boot(): Promise<Running> {
    const { container, variant } = this.spec;
    if (!isKnownImage(container.image))
      throw new LaunchFailure(`The local AWS serves sagemaker-xgboost images only; variant ${variant} has '${container.image}'.`);
    await this.fetchModel();
    if (this.stopped) throw new Retired();
    const child = await this.spawn();
    try {
      const port = await this.announcedPort(child);
      const client = new ServerClient(port);
      await this.ping(client);
      const running = { child, client };
      this.up = running;
      child.once('exit', () => this.lost(running));
      if (child.exitCode !== null) this.lost(running);
      return running;
    } catch (error) {
      this.cloud.log('sagemaker', `model server of ${this.spec.endpoint}: ${String(error)}`);
      child.kill('SIGKILL');
      throw new LaunchFailure(
        `The primary container for production variant ${variant} did not pass the ping health check. Please check CloudWatch logs for this endpoint.`,
      );
    }
  }

  private async fetchModel(): Promise<void> {
    const { container, folder } = this.spec;
    const complete = join(folder, 'complete');
    if (existsSync(complete)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'home'), { recursive: true });
    const files = new S3Files(this.cloud, this.cloud.asRole(container.roleArn, 'SageMaker', 'sagemaker'));
    try {
      await unpack(await files.read(container.modelDataUrl), join(folder, 'model'));
    } catch (error) {
      this.cloud.log('sagemaker', `model data of ${this.spec.endpoint}: ${String(error)}`);
      throw new LaunchFailure(
        `Failed to download model data for container "container_1" from URL: "${container.modelDataUrl}". Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object.`,
      );
    }
    if (existsSync(join(folder, 'model', 'code', 'requirements.txt')))
      this.log.line('The local AWS installs no code/requirements.txt; the environment of its interpreter is used.', 'stderr');
    writeFileSync(complete, '');
  }

  private async spawn(): Promise<ChildProcess> {
    const { container, folder } = this.spec;
    const home = join(folder, 'home');
    const env = await jobEnvironment(this.cloud, container.roleArn, home, container.environment);
    const args = ['-u', SCRIPT, '--model-dir', join(folder, 'model')];
    const child = spawn(this.cloud.python, args, { cwd: home, env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin?.on('error', () => undefined);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.log.output('stderr', text));
    return child;
  }

  /** The port that the server names in a line of its own; what the script prints before and after goes to the log. */
  private announcedPort(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => reject(new Error(reason));
      const limit = setTimeout(() => fail('no port in time'), this.spec.container.startupTimeoutMs);
      child.once('error', (error) => {
        clearTimeout(limit);
        this.log.line(error.message, 'stderr');
        fail(error.message);
      });
      child.once('exit', () => {
        clearTimeout(limit);
        fail('the process ended');
      });
      let found = false;
      let partial = '';
      const read = (line: string): void => {
        const port = found ? undefined : PORT_LINE.exec(line)?.[1];
        if (port === undefined) this.log.line(line);
        else {
          found = true;
          clearTimeout(limit);
          resolve(Number(port));
        }
      };
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const lines = (partial + text).split('\n');
        partial = lines.pop() ?? '';
        for (const line of lines) read(line);
      });
    });
  }

  private async ping(client: ServerClient): Promise<void> {
    const answer = client.send({ method: 'GET', path: '/ping', headers: {}, body: NO_BODY });
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      limit = setTimeout(() => reject(new Error('ping timed out')), PING_MS);
    });
    const { status } = await Promise.race([answer, late]).finally(() => clearTimeout(limit));
    if (status !== 200) throw new Error(`ping answered ${status}`);
  }

  /** The process has ended or its connection broke: what may be left of it is ended, and another one is started. */
  private lost(running: Running): void {
    if (this.up !== running) return;
    this.up = undefined;
    this.running = undefined;
    running.client.close();
    running.child.kill('SIGKILL');
    if (this.stopped) return;
    this.log.line('The container has ended and is started again.', 'stderr');
    setTimeout(() => {
      if (!this.stopped) this.ready().catch((error: unknown) => this.cloud.log('sagemaker', String(error)));
    }, RESTART_MS).unref();
  }
}

/** Waits for the answers to what was sent, as long as an invocation may take. */
async function drained(client: ServerClient): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    limit = setTimeout(resolve, INVOCATION_LIMIT_MS);
  });
  await Promise.race([client.idle(), late]);
  clearTimeout(limit);
}

/** As SageMaker stops a container: SIGTERM, SIGKILL after 30 s. */
async function end({ child, client }: Running): Promise<void> {
  client.close();
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const grace = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
    child.once('exit', () => {
      clearTimeout(grace);
      resolve();
    });
    child.stdin?.end();
    child.kill('SIGTERM');
  });
}
