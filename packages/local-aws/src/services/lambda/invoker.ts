import type { Cloud } from '../../cloud';
import type { Outcome } from '../../compute/function-spec';
import type { LambdaCompute } from '../../compute/lambda-compute';
import { AwsError } from '../../errors';
import { MinuteMetrics } from '../../metering/minute-metrics';
import type { CodeStore } from './code';
import { specOf } from './spec';
import type { LambdaStore, VersionRecord } from './store';

export interface InvokerOptions {
  readonly requestId: string;
  readonly clientContext?: string | undefined;
  readonly wantsTail?: boolean;
}

const ACCOUNT_CONCURRENCY = 1000;

function throttled(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Reason: reason, Type: 'User', retryAfterSeconds: '1' },
  });
}

/** Runs functions within the concurrency that is theirs, and counts what AWS counts. */
export class Invoker {
  readonly metrics: MinuteMetrics;
  private readonly running = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: LambdaStore,
    private readonly code: CodeStore,
    private readonly compute: LambdaCompute,
  ) {
    this.metrics = new MinuteMetrics(cloud, 'AWS/Lambda', 'lambda.amazonaws.com');
  }

  /** Runs a function synchronously. Throws `TooManyRequestsException` when its concurrency is used up. */
  invoke(record: VersionRecord, qualifier: string | undefined, payload: Uint8Array, options: InvokerOptions): Promise<Outcome> {
    this.admit(record.name);
    return this.cloud.activity.track(this.run(record, qualifier, payload, options));
  }

  /** Whether the function may not run at all (reserved concurrency of zero). */
  isDisabled(name: string): boolean {
    return this.store.functions.get(name)?.reserved === 0;
  }

  private async run(
    record: VersionRecord,
    qualifier: string | undefined,
    payload: Uint8Array,
    options: InvokerOptions,
  ): Promise<Outcome> {
    const { name } = record;
    this.running.set(name, (this.running.get(name) ?? 0) + 1);
    this.total += 1;
    try {
      const outcome = await this.compute.invoke(specOf(this.store, this.code, record, qualifier), payload, options);
      this.count(name, outcome);
      return outcome;
    } finally {
      this.total -= 1;
      this.running.set(name, (this.running.get(name) ?? 1) - 1);
    }
  }

  private admit(name: string): void {
    const reserved = this.store.function(name).reserved;
    const dimensions = { FunctionName: name };
    if (reserved !== undefined && (this.running.get(name) ?? 0) >= reserved) {
      this.metrics.add('Throttles', 'Count', 1, dimensions, name);
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (this.total < ACCOUNT_CONCURRENCY) return;
    this.metrics.add('Throttles', 'Count', 1, dimensions, name);
    throw throttled('ConcurrentInvocationLimitExceeded');
  }

  private count(name: string, outcome: Outcome): void {
    const dimensions = { FunctionName: name };
    this.metrics.add('Invocations', 'Count', 1, dimensions, name);
    this.metrics.add('Errors', 'Count', outcome.functionError === undefined ? 0 : 1, dimensions, name);
    this.metrics.add('Duration', 'Milliseconds', Math.round(outcome.durationMs * 10) / 10, dimensions, name);
    this.metrics.add('ConcurrentExecutions', 'Count', this.running.get(name) ?? 0, dimensions, name);
  }
}
