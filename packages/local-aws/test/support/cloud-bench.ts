import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCloud, type LocalCloudOptions } from '../../src/server';

type ClientClass<T> = new (options: object) => T;

/** A local AWS of its own in a fresh folder, with SDK clients of its root that try once. */
export class CloudBench {
  private clients: { destroy(): void }[] = [];

  private constructor(
    public cloud: LocalCloud,
    readonly stateDir: string,
    private readonly options: Partial<LocalCloudOptions>,
    /** What the cloud logged. */
    readonly lines: readonly string[],
  ) {}

  static async start(options: Partial<LocalCloudOptions> = {}): Promise<CloudBench> {
    const stateDir = mkdtempSync(join(tmpdir(), 'local-cloud-'));
    const lines: string[] = [];
    const all = { ...options, log: (line: string) => void lines.push(line) };
    return new CloudBench(await LocalCloud.start({ stateDir, ...all }), stateDir, all, lines);
  }

  async client<T extends { destroy(): void }>(Client: ClientClass<T>, options: object = {}): Promise<T> {
    const client = new Client({
      endpoint: this.cloud.endpoint,
      region: this.cloud.region,
      credentials: await this.cloud.identities.root(),
      forcePathStyle: true,
      maxAttempts: 1,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** Ends the cloud and starts another one on the same state; clients must be made anew. */
  async restart(between: () => void = () => undefined): Promise<void> {
    await this.end();
    between();
    this.cloud = await LocalCloud.start({ stateDir: this.stateDir, ...this.options });
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    for (const client of this.clients.splice(0)) client.destroy();
    await this.cloud.stop();
  }
}

/** Code and message of the error that `work` ends with. */
export async function failure(work: Promise<unknown>): Promise<{ name: string; message: string; status: number | undefined }> {
  try {
    await work;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call was expected to fail');
}
