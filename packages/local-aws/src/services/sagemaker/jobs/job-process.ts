import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { JobLog } from './job-log';

/** Jobs give way to the server and to the functions that answer requests. */
const NICENESS = 10;
const STOP_GRACE_MS = 120_000;

export interface ProcessSpec {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly maxRuntimeMs: number;
}

export interface ProcessEnd {
  /** Exit code; undefined if the process could not start or was killed by a signal. */
  readonly code?: number;
  readonly signal?: string;
  /** Why the process could not start. */
  readonly startFailure?: string;
  readonly because: 'exit' | 'max-runtime' | 'stop';
}

/** The process group of a job: started once, stopped as SageMaker stops a container (SIGTERM, 120 s, SIGKILL). */
export class JobProcess {
  private readonly child: ChildProcess;
  private because: ProcessEnd['because'] = 'exit';
  private grace: NodeJS.Timeout | undefined;
  private readonly limit: NodeJS.Timeout;
  readonly ended: Promise<ProcessEnd>;

  constructor(spec: ProcessSpec, log: JobLog) {
    const [program = '', ...args] = spec.command;
    this.child = spawn(program, args, { cwd: spec.cwd, env: spec.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    if (this.child.pid !== undefined) lower(this.child.pid);
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => log.output('stdout', text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => log.output('stderr', text));
    // Real time: a container works at the machine's speed, whatever the clock of the cloud does.
    this.limit = setTimeout(() => this.terminate('max-runtime'), Math.min(spec.maxRuntimeMs, 2_147_483_647));
    this.ended = new Promise((resolve) => {
      // What the main process left behind ends with it, as everything in a container does.
      this.child.once('exit', () => this.signal('SIGKILL'));
      this.child.once('error', (error) => resolve({ startFailure: error.message, because: 'exit' }));
      this.child.once('close', (code, signal) =>
        resolve({ because: this.because, ...(code === null ? {} : { code }), ...(signal === null ? {} : { signal }) }),
      );
    });
    void this.ended.then(() => {
      clearTimeout(this.limit);
      clearTimeout(this.grace);
    });
  }

  terminate(because: 'max-runtime' | 'stop'): void {
    if (this.because !== 'exit') return;
    this.because = because;
    this.signal('SIGTERM');
    this.grace = setTimeout(() => this.signal('SIGKILL'), STOP_GRACE_MS);
  }

  kill(): void {
    this.signal('SIGKILL');
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) killGroup(this.child.pid, signal);
  }
}

function lower(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // The process has already ended.
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}

/**
 * Ends what is left of jobs whose server was killed: every process whose environment names one of them and this server's folder
 * (another local AWS may have a job of the same name). The server may have been killed before it could note the process, and a group
 * outlives its first process.
 */
export function killOrphans(jobArns: readonly string[], stateDir: string): void {
  const home = `=${join(stateDir, '/')}`;
  for (const pid of processIds()) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (environment.includes(home) && jobArns.some((arn) => environment.includes(`=${arn}\0`))) process.kill(pid, 'SIGKILL');
    } catch {
      // Gone, or another user's.
    }
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 1 && pid !== process.pid);
  } catch {
    // A system without /proc: there the job ends at its first call to the server that is no more.
    return [];
  }
}
