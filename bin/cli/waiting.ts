import { DescribeEndpointCommand, DescribePipelineExecutionCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { Control } from './control';
import { Failure } from './failure';
import { readRuns } from './ledger';
import type { Target } from './target';

const POLL_MS = 250;
const LOCAL_STEP_MS = 60_000;
const PATIENCE_MS = 15 * 60_000;

/** Waits for a pipeline execution to end; gives its status. */
export async function waitForRun(target: Target, execution: string): Promise<string> {
  const client = new SageMakerClient(target.client);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { PipelineExecutionStatus: status = '' } = await client.send(
      new DescribePipelineExecutionCommand({ PipelineExecutionArn: execution }),
    );
    if (!['Executing', 'Stopping'].includes(status)) return status;
    if (Date.now() > deadline) throw new Failure(`the pipeline execution ${execution} did not end in time`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Waits until a run has its outcome in the ledger; on a local AWS simulated time passes meanwhile, so that a canary can bake. */
export async function waitForOutcome(
  target: Target,
  model: string,
  execution: string,
  between: () => Promise<void> = async () => undefined,
): Promise<string> {
  const client = new SageMakerClient(target.client);
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const run = (await readRuns(target, model)).find((it) => it.execution === execution);
    if (run !== undefined && run.outcome !== 'running') return String(run.outcome);
    if (Date.now() > deadline) throw new Failure(`the run ${execution} had no outcome in time`);
    const { EndpointStatus } = await client.send(new DescribeEndpointCommand({ EndpointName: target.names.endpoint(model) }));
    await between();
    if (EndpointStatus === 'Updating' && target.server !== undefined) await new Control(target.server).advance(LOCAL_STEP_MS);
    else await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
