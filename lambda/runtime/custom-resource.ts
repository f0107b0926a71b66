import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Log } from './observability';

interface Answer {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

const MAX_REASON = 1000;

/** Answers CloudFormation for a custom resource, also when the work fails; without it the stack would wait for its timeout. */
export function customResource(work: (event: CloudFormationCustomResourceEvent) => Promise<Answer>, log: Log) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { StackId, RequestId, LogicalResourceId } = event;
    const outcome = await work(event).then(
      (answer) => ({ Status: 'SUCCESS', ...answer }),
      (error: unknown) => {
        log.error('custom resource failed', {
          LogicalResourceId,
          error: error instanceof Error ? error : new Error(String(error)),
        });
        const PhysicalResourceId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : `${LogicalResourceId}-failed`;
        return { Status: 'FAILED', Reason: String(error).slice(0, MAX_REASON), PhysicalResourceId };
      },
    );
    const response = await fetch(event.ResponseURL, {
      method: 'PUT',
      body: JSON.stringify({ StackId, RequestId, LogicalResourceId, ...outcome }),
    });
    if (!response.ok) throw new Error(`CloudFormation refused the answer: ${response.status}`);
  };
}
