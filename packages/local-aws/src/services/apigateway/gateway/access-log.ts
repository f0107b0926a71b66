import { createHash } from 'node:crypto';
import type { Cloud } from '../../../cloud';
import type { CompiledExchange } from './compile';

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

/** How long lines are gathered before they are put, wall-clock ms. */
const GATHER_MS = 100;
const MAX_BATCH = 5000;

/** Writes access log lines to their log groups, many at a time. */
export class AccessLog {
  private readonly pending = new Map<string, { readonly group: string; readonly stream: string; readonly lines: Line[] }>();
  private readonly streams = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly cloud: Cloud) {}

  add(exchange: CompiledExchange): void {
    const { accessLog, stageArn } = exchange.stage;
    if (accessLog === undefined) return;
    const id = `${accessLog.group}|${stageArn}`;
    let batch = this.pending.get(id);
    if (batch === undefined) {
      batch = { group: accessLog.group, stream: createHash('md5').update(stageArn).digest('hex'), lines: [] };
      this.pending.set(id, batch);
    }
    batch.lines.push({ timestamp: this.cloud.clock.now(), message: accessLog.format.render(exchange, '-') });
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** Puts what was gathered; a log group that is gone costs its lines, with a note in the cloud's log. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batches = [...this.pending.values()];
    this.pending.clear();
    await this.cloud.activity.track(Promise.all(batches.map((batch) => this.put(batch.group, batch.stream, batch.lines))));
  }

  private async put(logGroupName: string, logStreamName: string, lines: readonly Line[]): Promise<void> {
    const caller = this.cloud.asService('apigateway.amazonaws.com');
    try {
      await this.ensureStream(logGroupName, logStreamName);
      for (let at = 0; at < lines.length; at += MAX_BATCH) {
        const logEvents = lines.slice(at, at + MAX_BATCH);
        await this.cloud.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, caller);
      }
    } catch (error) {
      this.streams.delete(`${logGroupName}|${logStreamName}`);
      this.cloud.log('apigateway', `${lines.length} access log lines dropped (${logGroupName}): ${String(error)}`);
    }
  }

  private async ensureStream(logGroupName: string, logStreamName: string): Promise<void> {
    const id = `${logGroupName}|${logStreamName}`;
    if (this.streams.has(id)) return;
    const caller = this.cloud.asService('apigateway.amazonaws.com');
    await this.cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, caller).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'ResourceAlreadyExistsException') throw error;
    });
    this.streams.add(id);
  }
}
