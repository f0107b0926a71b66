import type { Model, Stage } from '../../core/definition';
import type { Names } from '../../core/naming';
import { fromPropertyFile, get, join, outputOf, type PipelineStep, type PipelineValue, parameter } from './pipeline-steps';

export interface GateStepProps {
  /** Whose challenger is judged. */
  readonly model: Model;
  /** Physical names of the stage. */
  readonly names: Names;
  /** Its fleet is what the package is registered for. */
  readonly stage: Stage;
  /** Image that serves the model. */
  readonly image: string;
}

/** Registers a challenger that passed its gates as an approved package; ends the run as failed otherwise. */
export function gateStep(props: GateStepProps): PipelineStep {
  const passed = { Type: 'Equals', LeftValue: fromPropertyFile('Evaluate', 'Evaluation', 'verdict.passed'), RightValue: true };
  const refused = join(' ', [
    'the challenger did not pass its gates; see',
    join('/', [outputOf('Evaluate', 'report'), 'evaluation.json']),
  ]);
  return {
    Name: 'Gate',
    Type: 'Condition',
    Arguments: {
      Conditions: [passed],
      IfSteps: [registerStep(props) as unknown as PipelineValue],
      ElseSteps: [{ Name: 'Refused', Type: 'Fail', Arguments: { ErrorMessage: refused } }],
    },
  };
}

function registerStep({ model, names, stage, image }: GateStepProps): PipelineStep {
  const report = (file: string): PipelineValue => ({
    ContentType: 'application/json',
    S3Uri: join('/', [outputOf('Evaluate', 'report'), file]),
  });
  const fleet = model.serving.fleet[stage.name]?.instanceType;
  if (fleet === undefined) throw new Error(`models.${model.name}.serving.fleet: lacks stage '${stage.name}'`);
  return {
    Name: 'Register',
    Type: 'RegisterModel',
    Arguments: {
      ModelPackageGroupName: names.packageGroup(model.name),
      ModelPackageDescription: parameter('Reason'),
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: {
        digest: fromPropertyFile('Evaluate', 'Evaluation', 'challenger.digest'),
        trainFrom: parameter('TrainFrom'),
        trainTo: parameter('TrainTo'),
      },
      ModelMetrics: { ModelQuality: { Statistics: report('evaluation.json') } },
      DriftCheckBaselines: { ModelDataQuality: { Statistics: report('reference-profile.json') } },
      InferenceSpecification: {
        Containers: [
          {
            Image: image,
            ModelDataUrl: get('Steps.Train.ModelArtifacts.S3ModelArtifacts'),
            Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
          },
        ],
        SupportedContentTypes: ['application/json'],
        SupportedResponseMIMETypes: ['application/json'],
        SupportedRealtimeInferenceInstanceTypes: [fleet],
        SupportedTransformInstanceTypes: [fleet],
      },
    },
  };
}
