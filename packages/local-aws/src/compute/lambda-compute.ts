import type { Cloud } from '../cloud';
import type { FunctionSpec, Outcome } from './function-spec';
import { Pool } from './pool';

export interface InvokeOptions {
  readonly requestId: string;
  readonly clientContext?: string | undefined;
  readonly wantsTail?: boolean;
}

const REAP_EVERY_MS = 30_000;

/** Runs Lambda functions: environments by function and configuration, started when needed, reused, ended when idle. */
export class LambdaCompute {
  private readonly pools = new Map<string, Pool>();
  private reaper: NodeJS.Timeout | undefined;

  constructor(private readonly cloud: Cloud) {}

  /** Runs a function once. Errors of the function are outcomes. */
  async invoke(spec: FunctionSpec, payload: Uint8Array, options: InvokeOptions): Promise<Outcome> {
    this.reaper ??= this.reapEverySoOften();
    const pool = this.pool(spec);
    return new Promise((settle) =>
      pool.submit({
        requestId: options.requestId,
        payload,
        arn: spec.arn,
        wantsTail: options.wantsTail === true,
        queuedAt: Date.now(),
        settle,
        ...(options.clientContext === undefined ? {} : { clientContext: options.clientContext }),
      }),
    );
  }

  /** Lets the environments of a spec end; they are of an old configuration or a deleted function. */
  retire(key: string): void {
    this.pools.get(key)?.retire();
    this.pools.delete(key);
  }

  /** Number of live environments of a spec. */
  environments(key: string): number {
    return this.pools.get(key)?.size ?? 0;
  }

  /** Ends a process of the function that runs an invocation; false if none does. */
  killBusy(name: string): boolean {
    return [...this.pools.values()].some((pool) => pool.spec.name === name && pool.killBusy());
  }

  stop(): void {
    clearInterval(this.reaper);
    for (const pool of this.pools.values()) pool.stop();
    this.pools.clear();
  }

  private reapEverySoOften(): NodeJS.Timeout {
    const reaper = setInterval(() => {
      for (const pool of this.pools.values()) pool.reap();
    }, REAP_EVERY_MS);
    return reaper.unref();
  }

  private pool(spec: FunctionSpec): Pool {
    let pool = this.pools.get(spec.key);
    if (pool === undefined) {
      pool = new Pool(spec, this.cloud);
      this.pools.set(spec.key, pool);
    }
    return pool;
  }
}
