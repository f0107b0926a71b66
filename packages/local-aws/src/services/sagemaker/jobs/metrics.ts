import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import type { Metric } from './records';

const NAMESPACE = '/aws/sagemaker/TrainingJobs';
const BATCH = 500;

/** Reads metrics from a training job's output by the regular expressions of its request. */
export class JobMetrics {
  private readonly patterns: readonly { readonly name: string; readonly regex: RegExp }[];
  private readonly seen: Metric[] = [];

  constructor(definitions: readonly Sdk.MetricDefinition[]) {
    this.patterns = definitions.map(({ Name = '', Regex = '' }) => ({ name: Name, regex: new RegExp(Regex) }));
  }

  read(line: string, timestamp: number): void {
    for (const { name, regex } of this.patterns) {
      const value = Number(regex.exec(line)?.[1] ?? Number.NaN);
      if (Number.isFinite(value)) this.seen.push({ name, value, timestamp });
    }
  }

  /** The last value of each metric. */
  final(): readonly Metric[] {
    return [...new Map(this.seen.map((metric) => [metric.name, metric])).values()];
  }

  /** Puts every value to CloudWatch, as the service does while the job runs. */
  async publish(cloud: Cloud, job: string): Promise<void> {
    for (let start = 0; start < this.seen.length; start += BATCH) {
      const MetricData = this.seen.slice(start, start + BATCH).map(({ name, value, timestamp }) => ({
        MetricName: name,
        Value: value,
        Timestamp: new Date(timestamp),
        Dimensions: [{ Name: 'TrainingJobName', Value: job }],
      }));
      await cloud
        .call('cloudwatch', 'PutMetricData', { Namespace: NAMESPACE, MetricData }, cloud.asService('sagemaker.amazonaws.com'))
        .catch((error: unknown) => cloud.log('sagemaker', `metrics of ${job} dropped: ${String(error)}`));
    }
  }
}
