import { GraphWidget, type IWidget, Dashboard as Resource, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Model, Platform, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { EndpointMetrics } from '../serving/endpoint-metrics';
import { ModelMetrics } from './metrics';

export interface DashboardProps {
  /** Models, some rows each. */
  readonly platform: Platform;
  /** Its name is a dimension of the metrics. */
  readonly stage: Stage;
  /** Physical names of the stage. */
  readonly names: Names;
}

const FULL = 24;
const HALF = FULL / 2;

/** Per model: drift and quality, traffic and latency, and each drift statistic of all inputs. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: DashboardProps,
  ) {
    super(scope, id);
    const { platform, names } = props;
    const widgets = platform.models.flatMap((model) => this.rows(model));
    new Resource(this, 'Resource', { dashboardName: names.of('models'), widgets });
  }

  private rows(model: Model): IWidget[][] {
    const metrics = new ModelMetrics(this.props.stage, model);
    const endpoint = new EndpointMetrics(this.props.names.endpoint(model.name));
    const statistics = metrics.allStatistics();
    return [
      [new TextWidget({ markdown: `# ${model.name}\n${model.description}`, width: FULL, height: 2 })],
      [
        new GraphWidget({
          title: 'Drift (share of the limit)',
          left: [metrics.driftRatio()],
          leftAnnotations: [{ value: 1 }],
          width: HALF,
        }),
        new GraphWidget({ title: 'Live quality', left: metrics.allQuality(), width: HALF }),
      ],
      [
        new GraphWidget({ title: 'Invocations', left: [endpoint.invocations(), endpoint.failures()], width: HALF }),
        new GraphWidget({ title: 'Model latency (microseconds, p99)', left: [endpoint.latencyP99()], width: HALF }),
      ],
      statistics.map(
        ([name, metric]) =>
          new GraphWidget({ title: `${name} by input`, left: [metric], width: Math.floor(FULL / statistics.length) }),
      ),
    ];
  }
}
