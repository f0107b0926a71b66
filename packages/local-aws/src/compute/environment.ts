import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Cloud } from '../cloud';
import { environmentVariables } from './environment-variables';
import { errorPayload, type FunctionSpec, type Invocation, type Outcome } from './function-spec';
import { LogSink } from './log-sink';
import { nodeBinary } from './node-runtime';
import { type EnvironmentHead, Frames, type InvocationHead } from './runtime/frames.cjs';

const BOOTSTRAP = join(__dirname, 'runtime', 'bootstrap.cjs');
const CLOCK = join(__dirname, 'runtime', 'clock.cjs');
const INIT_LIMIT_MS = 10_000;
const MAX_ANSWER = 6_291_556;
const HEAP_SHARE = 0.9;

export interface EnvironmentOptions {
  readonly cloud: Cloud;
  readonly spec: FunctionSpec;
  /** The environment can take an invocation. */
  onIdle(environment: Environment): void;
  /** An invocation ended after so long. */
  onDone(durationMs: number): void;
  /** The process has ended; `initFailure` is what a waiting invocation is to be told. */
  onGone(environment: Environment, initFailure: Buffer | undefined): void;
}

/** One Lambda environment: a process that runs a function, one invocation at a time. */
export class Environment {
  readonly createdAt = Date.now();
  idleSince = Date.now();
  private readonly folder: string;
  private readonly logs: LogSink;
  private process: ChildProcess | undefined;
  private channel: Frames<InvocationHead, EnvironmentHead> | undefined;
  private waiting = false;
  private current: { invocation: Invocation; startedAt: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private initMs: number | undefined;
  private initFailure: Buffer | undefined;
  private stopping = false;
  private outOfMemory = false;
  private maxRssKb = 0;

  constructor(private readonly options: EnvironmentOptions) {
    const { cloud, spec } = options;
    this.folder = join(cloud.stateDir, 'lambda', 'environments', randomUUID());
    this.logs = new LogSink(cloud, spec.logGroup, spec.version, { roleArn: spec.roleArn, session: spec.name });
  }

  async start(): Promise<void> {
    const { cloud, spec } = this.options;
    mkdirSync(this.folder, { recursive: true });
    const env = await environmentVariables(cloud, spec, {
      logStream: this.logs.stream,
      folder: this.folder,
      clock: this.clockState(),
    });
    if (this.stopping) return this.gone(null, 'SIGKILL');
    const heap = Math.floor(spec.memoryMb * HEAP_SHARE);
    const started = performance.now();
    this.process = spawn(nodeBinary(spec.runtime), [`--max-old-space-size=${heap}`, '--require', CLOCK, BOOTSTRAP], {
      cwd: spec.folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.open(this.process.stdio[3] as Duplex);
    this.initMs = -started;
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => this.logs.output(text));
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => this.stderr(text));
    this.process.once('error', (error) => this.stderr(`${error.message}\n`));
    this.process.once('close', (code, signal) => this.gone(code, signal));
    this.timer = setTimeout(() => this.initTimedOut(), INIT_LIMIT_MS + spec.timeoutSeconds * 1000);
  }

  get busy(): boolean {
    return this.current !== undefined;
  }

  /** Hands an invocation to an idle environment. */
  dispatch(invocation: Invocation): void {
    if (!this.waiting) throw new Error('the environment is not idle');
    const { spec } = this.options;
    this.waiting = false;
    this.current = { invocation, startedAt: performance.now() };
    const limit = spec.timeoutSeconds * 1000;
    this.timer = setTimeout(() => this.timedOut(), limit);
    if (invocation.wantsTail) this.logs.startTail();
    this.logLine('platform.start', `START RequestId: ${invocation.requestId} Version: ${spec.version}`, invocation.requestId);
    const { requestId, arn, clientContext, payload } = invocation;
    const head: InvocationHead = {
      requestId,
      deadlineMs: Date.now() + limit,
      arn,
      traceId: `Root=1-00000000-${requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`,
      clock: this.clockState(),
      ...(clientContext === undefined ? {} : { clientContext }),
    };
    this.channel?.send(head, payload);
  }

  /** Ends the process; an invocation that it runs is settled as an exit. */
  stop(): void {
    this.stopping = true;
    this.process?.kill('SIGKILL');
  }

  private open(socket: Duplex): void {
    // A process that ends closes its side first; its end is what counts.
    socket.on('error', () => undefined);
    this.channel = new Frames<InvocationHead, EnvironmentHead>(socket, (head, body) => this.said(head, body));
  }

  private said(head: EnvironmentHead, body: Buffer): void {
    if (head.kind === 'init-error') {
      this.initFailure = body;
      return;
    }
    if (head.kind === 'error') {
      this.finish(head.requestId, body, true);
      if (head.ends === true) return;
    }
    if (head.kind === 'response') {
      this.maxRssKb = head.maxRssKb;
      this.answered(head.requestId, body);
    }
    this.ready();
  }

  /** The environment can take an invocation. */
  private ready(): void {
    if (this.initMs !== undefined && this.initMs < 0) {
      clearTimeout(this.timer);
      this.initMs += performance.now();
    }
    // What the process wrote before it said so is read within the same turn of the event loop.
    setImmediate(() => {
      if (this.stopping) return;
      this.waiting = true;
      this.idleSince = Date.now();
      this.options.onIdle(this);
    });
  }

  private answered(requestId: string, body: Buffer): void {
    if (body.length <= MAX_ANSWER) return this.finish(requestId, body, false);
    const text = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER} bytes).`;
    this.finish(requestId, errorPayload('Function.ResponseSizeTooLarge', text), true);
  }

  private finish(requestId: string, payload: Buffer, failed: boolean): void {
    const current = this.current;
    if (current === undefined || current.invocation.requestId !== requestId) return;
    clearTimeout(this.timer);
    this.current = undefined;
    const durationMs = performance.now() - current.startedAt;
    this.options.onDone(durationMs);
    const outcome: Outcome = { payload, durationMs, ...(failed ? { functionError: 'Unhandled' as const } : {}) };
    if (!current.invocation.wantsTail) current.invocation.settle(outcome);
    setImmediate(() => {
      this.report(requestId, durationMs);
      if (current.invocation.wantsTail) current.invocation.settle({ ...outcome, logTail: this.logs.takeTail() });
    });
  }

  private report(requestId: string, durationMs: number): void {
    const { memoryMb } = this.options.spec;
    const init = this.initMs === undefined ? '' : `\tInit Duration: ${this.initMs.toFixed(2)} ms`;
    this.initMs = undefined;
    const text = `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(durationMs)} ms\tMemory Size: ${memoryMb} MB\tMax Memory Used: ${Math.min(memoryMb, Math.round(this.maxRssKb / 1024))} MB${init}`;
    if (this.options.spec.logFormat === 'Text') this.logs.line(`END RequestId: ${requestId}`);
    this.logLine('platform.report', text, requestId);
  }

  private logLine(type: string, text: string, requestId: string): void {
    if (this.options.spec.logFormat === 'Text') return this.logs.line(text);
    const time = new Date(this.options.cloud.clock.now()).toISOString();
    this.logs.line(JSON.stringify({ time, type, record: { requestId, version: this.options.spec.version } }));
  }

  private stderr(text: string): void {
    if (text.includes('heap out of memory')) this.outOfMemory = true;
    this.logs.output(text);
  }

  private timedOut(): void {
    const requestId = this.current?.invocation.requestId ?? '';
    const text = `Task timed out after ${this.options.spec.timeoutSeconds.toFixed(2)} seconds`;
    this.logs.line(`${new Date(this.options.cloud.clock.now()).toISOString()} ${requestId} ${text}\n`);
    this.finish(requestId, errorPayload('Sandbox.Timedout', `RequestId: ${requestId} Error: ${text}`), true);
    this.stop();
  }

  private initTimedOut(): void {
    this.initFailure = errorPayload(
      'Sandbox.Timedout',
      `Error: Task timed out after ${this.options.spec.timeoutSeconds.toFixed(2)} seconds`,
    );
    this.stop();
  }

  private gone(code: number | null, signal: NodeJS.Signals | null): void {
    clearTimeout(this.timer);
    const requestId = this.current?.invocation.requestId;
    const exit =
      signal === null
        ? `exit status ${code ?? 0}`
        : signal === 'SIGKILL' || this.outOfMemory
          ? 'signal: killed'
          : `signal: ${signal.slice(3).toLowerCase()}`;
    const type = this.outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError';
    const text = `RequestId: ${requestId ?? ''} Error: Runtime exited with error: ${exit}`;
    if (requestId !== undefined) this.finish(requestId, errorPayload(type, text), true);
    const atInit = this.initMs !== undefined && this.initMs < 0;
    rmSync(this.folder, { recursive: true, force: true });
    this.waiting = false;
    this.options.onGone(this, atInit ? (this.initFailure ?? errorPayload(type, text)) : undefined);
  }

  private clockState(): string {
    const { wall, simulated, paused } = this.options.cloud.clock.snapshot();
    return paused ? `=${simulated}` : `+${simulated - wall}`;
  }
}
