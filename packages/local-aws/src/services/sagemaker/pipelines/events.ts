import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { publish, stage } from '../events';
import type { ExecutionRecord, StepRecord } from './records';

const text = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
const lowerFirst = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);

/** These events write their keys in lower camel case. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [lowerFirst(key), lowerKeys(item)]));
}

/** Within the transaction that stores the execution's state. */
export function announceExecution(
  cloud: Cloud,
  execution: ExecutionRecord,
  previous: string | undefined,
  over: boolean,
): () => Promise<void> {
  return stage(cloud, 'SageMaker Model Building Pipeline Execution Status Change', [execution.pipelineArn, execution.arn], {
    pipelineExecutionDisplayName: execution.displayName,
    currentPipelineExecutionStatus: execution.status,
    previousPipelineExecutionStatus: previous,
    executionStartTime: text(execution.created),
    executionEndTime: over ? text(execution.modified) : undefined,
    pipelineExecutionDescription: execution.description,
    pipelineArn: execution.pipelineArn,
    pipelineExecutionArn: execution.arn,
  });
}

export function tellStep(cloud: Cloud, execution: ExecutionRecord, step: StepRecord, previous: Sdk.StepStatus): Promise<void> {
  return publish(
    cloud,
    'SageMaker Model Building Pipeline Execution Step Status Change',
    [execution.pipelineArn, execution.arn],
    {
      metadata: lowerKeys(step.metadata ?? {}),
      stepStartTime: text(step.started),
      stepEndTime: text(step.ended),
      stepName: step.name,
      stepType: step.type,
      previousStepStatus: previous,
      currentStepStatus: step.status,
      failureReason: step.failureReason,
      cacheHitResult: step.cacheSource === undefined ? undefined : { sourcePipelineExecutionArn: step.cacheSource },
      pipelineArn: execution.pipelineArn,
      pipelineExecutionArn: execution.arn,
    },
  );
}
