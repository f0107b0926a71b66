import { GraphWidget, type IWidget, Dashboard as Resource, Stats, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model } from '../../core/definition';
import { METRICS } from '../../core/metrics';
import { taskOf } from '../../core/tasks';
import type { ModelEndpoint } from '../serving/model-endpoint';
import type { PlatformStage } from '../shared/platform-stage';
import { modelMetric } from './model-alarms';

export interface DashboardProps extends PlatformStage {
  /** By model name. */
  readonly endpoints: ReadonlyMap<string, ModelEndpoint>;
}

const HALF = 12;

/** One row per model: drift and quality beside traffic and latency. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const rows = props.platform.models.flatMap((model) => this.rows(props, model));
    new Resource(this, 'Resource', { dashboardName: props.names.of('models'), widgets: rows });
  }

  private rows(props: DashboardProps, model: Model): IWidget[][] {
    const metric = (name: string) => modelMetric({ ...props, model }, name);
    const endpoint = props.endpoints.get(model.name)?.alarms;
    const serving = endpoint === undefined ? [] : [endpoint.metric('ModelLatency', Stats.percentile(99))];
    const traffic =
      endpoint === undefined
        ? []
        : [endpoint.metric('Invocations', Stats.SUM), endpoint.metric('Invocation5XXErrors', Stats.SUM)];
    return [
      [new TextWidget({ markdown: `# ${model.name}\n${model.description}`, width: 2 * HALF, height: 2 })],
      [
        new GraphWidget({
          title: 'Drift (share of the limit)',
          left: [metric(METRICS.driftRatio)],
          leftAnnotations: [{ value: 1 }],
          width: HALF,
        }),
        new GraphWidget({
          title: 'Live quality',
          left: Object.values(taskOf(model).metrics).flatMap(({ live }) => (live === undefined ? [] : [metric(live)])),
          width: HALF,
        }),
      ],
      [
        new GraphWidget({ title: 'Invocations', left: traffic, width: HALF }),
        new GraphWidget({ title: 'Model latency (microseconds, p99)', left: serving, width: HALF }),
      ],
    ];
  }
}
