import type { Caller, Cloud } from '../../../cloud';
import { S3Files } from '../s3-files';
import type { Definition, Step, Value } from './definition';
import { parameterValues } from './parameters';
import type { ExecutionRecord, PipelineStore } from './records';
import { type Scope, select } from './resolve';

/** Who acts for an execution: the pipeline's role. */
export function executionCaller(cloud: Cloud, execution: ExecutionRecord): Caller {
  return cloud.asRole(execution.roleArn, `SageMaker-${execution.id}`, 'sagemaker');
}

/** What the references of one step of an execution mean now; `resourceName` is the job's that the step is about to make. */
export function stepScope(
  cloud: Cloud,
  store: PipelineStore,
  definition: Definition,
  execution: ExecutionRecord,
  step: Step,
  resourceName: string | undefined,
): Scope {
  const parameters = parameterValues(definition.parameters, execution.parameters);
  const files = new S3Files(cloud, executionCaller(cloud, execution));
  const own = (type: Step['type']): Value | undefined => (step.type === type ? resourceName : undefined);
  const facts: Readonly<Record<string, Value | undefined>> = {
    PipelineName: execution.pipeline,
    PipelineArn: execution.pipelineArn,
    PipelineExecutionId: execution.id,
    PipelineExecutionArn: execution.arn,
    StartDateTime: new Date(execution.created).toISOString(),
    CurrentDateTime: new Date(cloud.clock.now()).toISOString(),
    TrainingJobName: own('Training'),
    ProcessingJobName: own('Processing'),
  };
  const outputs = (name: string): unknown => store.step(execution, name)?.outputs;
  return {
    parameter: (name) => parameters[name],
    execution: (name) => facts[name],
    outputs,
    propertyFile: (name, fileName) => {
      const file = definition.steps
        .find((candidate) => candidate.name === name)
        ?.propertyFiles.find((entry) => entry.name === fileName);
      const address = select(outputs(name), ['ProcessingOutputConfig', 'Outputs', file?.output ?? '', 'S3Output', 'S3Uri']);
      return file === undefined || typeof address !== 'string' ? undefined : `${address.replace(/\/$/, '')}/${file.path}`;
    },
    readJson: async (uri) => JSON.parse((await files.read(uri)).toString('utf8')) as unknown,
  };
}
