import type { Cloud } from '../../../cloud';
import { MinuteMetrics } from '../../../metering/minute-metrics';
import type { Target } from './fleets';

interface Dimensions {
  readonly values: Readonly<Record<string, string>>;
  readonly key: string;
}

/** Latencies are kept to 10 us, so that a minute's histogram stays small enough for exact percentiles. */
const STEP_US = 10;

function micros(ms: number): number {
  return Math.round((ms * 1000) / STEP_US) * STEP_US;
}

/** AWS/SageMaker metrics of invocations, by endpoint and variant, and also by configuration (to tell the fleets of a canary). */
export class InvocationMetrics {
  private readonly metrics: MinuteMetrics;
  private readonly dimensions = new WeakMap<Target, readonly Dimensions[]>();

  constructor(cloud: Cloud) {
    this.metrics = new MinuteMetrics(cloud, 'AWS/SageMaker', 'sagemaker.amazonaws.com');
  }

  /** One invocation: status of the model's answer (0: none in time), and the time it took, undefined if it was not reached. */
  add(endpoint: string, target: Target, status: number, modelMs: number | undefined, overheadMs: number): void {
    const failed = status < 200 || status > 299;
    const clientError = status >= 400 && status < 500;
    for (const { values, key } of this.dimensionsOf(endpoint, target)) {
      const add = (name: string, unit: string, value: number): void => this.metrics.add(name, unit, value, values, key);
      add('Invocations', 'None', 1);
      add('InvocationsPerInstance', 'None', 1 / target.variant.currentCount);
      add('Invocation4XXErrors', 'None', clientError ? 1 : 0);
      add('Invocation5XXErrors', 'None', failed && !clientError ? 1 : 0);
      add('InvocationModelErrors', 'None', failed ? 1 : 0);
      if (modelMs === undefined) continue;
      add('ModelLatency', 'Microseconds', micros(modelMs));
      add('OverheadLatency', 'Microseconds', micros(overheadMs));
    }
  }

  flush(): Promise<void> {
    return this.metrics.flush();
  }

  private dimensionsOf(EndpointName: string, target: Target): readonly Dimensions[] {
    let known = this.dimensions.get(target);
    if (known === undefined) {
      const VariantName = target.variant.name;
      const EndpointConfigName = target.configName;
      known = [
        { values: { EndpointName, VariantName }, key: `${EndpointName}/${VariantName}` },
        {
          values: { EndpointName, VariantName, EndpointConfigName },
          key: `${EndpointName}/${VariantName}/${EndpointConfigName}`,
        },
      ];
      this.dimensions.set(target, known);
    }
    return known;
  }
}
