import { randomBytes } from 'node:crypto';
import type { Cloud } from '../cloud';

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

const BATCH_MS = 25;
const MAX_BATCH = 5000;
const TAIL_BYTES = 4096;

/** The log stream of one environment: batches lines to CloudWatch Logs, and keeps the lines of an invocation that asked for its tail. */
export class LogSink {
  readonly stream: string;
  private lines: Line[] = [];
  private tail: string[] | undefined;
  private partial = '';
  private scheduled = false;
  private ready: Promise<unknown> | undefined;

  constructor(
    private readonly cloud: Cloud,
    readonly group: string,
    version: string,
    private readonly roleSession: { readonly roleArn: string; readonly session: string },
  ) {
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.stream = `${day}/[${version}]${randomBytes(16).toString('hex')}`;
  }

  /** Output of the process; a carriage return stands for a line break inside one event. */
  output(text: string): void {
    const parts = (this.partial + text).split('\n');
    this.partial = parts.pop() ?? '';
    for (const part of parts) if (part !== '') this.line(part.replaceAll('\r', '\n'));
  }

  line(message: string): void {
    this.lines.push({ timestamp: this.cloud.clock.now(), message });
    this.tail?.push(message);
    if (this.scheduled) return;
    this.scheduled = true;
    void this.cloud.activity.track(this.flush());
  }

  startTail(): void {
    this.tail = [];
  }

  takeTail(): Buffer {
    const text = Buffer.from(`${(this.tail ?? []).join('\n')}\n`);
    this.tail = undefined;
    return text.subarray(Math.max(0, text.length - TAIL_BYTES));
  }

  /** A batch is collected for a moment, unless the clock stands still (a jump waits for the log). */
  private async flush(): Promise<void> {
    const paused = this.cloud.clock.snapshot().paused;
    await new Promise<void>((resolve) => (paused ? setImmediate(resolve) : setTimeout(resolve, BATCH_MS)));
    try {
      this.ready ??= this.open();
      await this.ready;
      while (this.lines.length > 0) {
        const batch = this.lines.splice(0, MAX_BATCH);
        await this.call('PutLogEvents', { logGroupName: this.group, logStreamName: this.stream, logEvents: batch });
      }
    } catch (error) {
      this.ready = undefined;
      this.lines = [];
      this.cloud.log('lambda', `log lines of ${this.group} dropped: ${String(error)}`);
    } finally {
      this.scheduled = false;
    }
  }

  private async open(): Promise<void> {
    const exists = (error: unknown): void => {
      if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
    };
    const create = (): Promise<unknown> => this.call('CreateLogStream', { logGroupName: this.group, logStreamName: this.stream });
    await create().catch(async (error: unknown) => {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') {
        await this.call('CreateLogGroup', { logGroupName: this.group }).catch(exists);
        await create();
      } else exists(error);
    });
  }

  private call(operation: string, input: object): Promise<unknown> {
    const { roleArn, session } = this.roleSession;
    return this.cloud.call('logs', operation, input, this.cloud.asRole(roleArn, session, 'lambda'));
  }
}
