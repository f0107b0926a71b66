import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { VARIANT } from '../../core/naming';

const PERIOD = Duration.minutes(1);

/** Metrics that SageMaker keeps of an endpoint's variant. */
export class EndpointMetrics {
  constructor(private readonly endpoint: string) {}

  invocations(): Metric {
    return this.metric('Invocations', Stats.SUM);
  }

  /** Number of invocations that failed in the container or the service. */
  failures(): Metric {
    return this.metric('Invocation5XXErrors', Stats.SUM);
  }

  /** Share of invocations that failed, 0 to 1. */
  failureRate(): Metric {
    return this.metric('Invocation5XXErrors', Stats.AVERAGE);
  }

  /** 99th percentile of the container's answer time, microseconds. */
  latencyP99(): Metric {
    return this.metric('ModelLatency', Stats.percentile(99));
  }

  private metric(metricName: string, statistic: string): Metric {
    const dimensionsMap = { EndpointName: this.endpoint, VariantName: VARIANT };
    return new Metric({ namespace: 'AWS/SageMaker', metricName, statistic, period: PERIOD, dimensionsMap });
  }
}
