import type { Caller, Cloud } from '../../../cloud';

const BATCH_MS = 250;
const MAX_BATCH = 5000;
const MAX_EVENT = 262_000;

/** The log stream of one job or model server, written in its role. Its lines are also given to `onLine` (metrics read them). */
export class JobLog {
  /** The last lines on stderr, for the failure reason. */
  readonly errors: string[] = [];
  private lines: { timestamp: number; message: string }[] = [];
  private partial = { stdout: '', stderr: '' };
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private opened = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly group: string,
    job: string,
    private readonly caller: Caller,
    private readonly onLine: (line: string, timestamp: number) => void,
    readonly stream = `${job}/algo-1-${Math.floor(cloud.clock.now() / 1000)}`,
  ) {}

  output(from: 'stdout' | 'stderr', text: string): void {
    const parts = (this.partial[from] + text).split('\n');
    this.partial[from] = parts.pop() ?? '';
    for (const part of parts) this.line(part, from);
  }

  line(message: string, from: 'stdout' | 'stderr' = 'stdout'): void {
    if (message === '') return;
    const timestamp = this.cloud.clock.now();
    if (from === 'stderr') this.errors.splice(0, Math.max(0, this.errors.push(message) - 20));
    this.onLine(message, timestamp);
    this.lines.push({ timestamp, message: message.slice(0, MAX_EVENT) });
    this.timer ??= setTimeout(() => this.flush(), BATCH_MS);
  }

  /** Writes what is left; resolves when all of it is stored. */
  async close(): Promise<void> {
    for (const from of ['stdout', 'stderr'] as const) this.output(from, '\n');
    this.flush();
    await this.writing;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing
      .then(() => this.write())
      .catch((error: unknown) => {
        this.cloud.log('sagemaker', `log lines of ${this.stream} dropped: ${String(error)}`);
      });
  }

  private async write(): Promise<void> {
    if (this.lines.length === 0) return;
    if (!this.opened) await this.open();
    this.opened = true;
    while (this.lines.length > 0) {
      const logEvents = this.lines.splice(0, MAX_BATCH);
      await this.call('PutLogEvents', { logGroupName: this.group, logStreamName: this.stream, logEvents });
    }
  }

  private async open(): Promise<void> {
    const exists = (error: unknown): void => {
      if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
    };
    await this.call('CreateLogGroup', { logGroupName: this.group }).catch(exists);
    await this.call('CreateLogStream', { logGroupName: this.group, logStreamName: this.stream }).catch(exists);
  }

  private call(operation: string, input: object): Promise<unknown> {
    return this.cloud.call('logs', operation, input, this.caller);
  }
}
