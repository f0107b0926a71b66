import type { Cloud } from '../../../cloud';
import { publish } from '../events';
import type { TagStore } from '../tags';
import { describeEndpoint } from './describe';
import type { EndpointRecord } from './records';

/** Times of endpoint events are numbers of epoch milliseconds. */
function timesAsNumbers(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (name, item: unknown) =>
    name.endsWith('Time') && typeof item === 'string' ? Date.parse(item) : item,
  );
}

/** `InService` -> `IN_SERVICE`. */
function upperSnake(status: string): string {
  return status.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

/** Tells what has become of an endpoint, and of its deployment. */
export class EndpointEvents {
  constructor(
    private readonly cloud: Cloud,
    private readonly tagStore: TagStore,
  ) {}

  state(record: EndpointRecord): Promise<void> {
    return this.put('SageMaker Endpoint State Change', record);
  }

  deployment(record: EndpointRecord): Promise<void> {
    return this.put('SageMaker Endpoint Deployment State Change', record);
  }

  private put(detailType: string, record: EndpointRecord): Promise<void> {
    const { PendingDeploymentSummary, ...described } = describeEndpoint(record);
    const detail = {
      ...described,
      EndpointStatus: upperSnake(record.status),
      ...(detailType.includes('Deployment') ? { PendingDeploymentSummary } : {}),
      Tags: Object.fromEntries(this.tagStore.get(record.arn).map(({ Key, Value }) => [Key, Value])),
    };
    return publish(this.cloud, detailType, [record.arn], timesAsNumbers(detail) as object);
  }
}
