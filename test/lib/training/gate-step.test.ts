import { names } from '../../../core/naming';
import { gateStep } from '../../../lib/training/gate-step';
import { exampleModel } from '../../support/example-templates';

const example = exampleModel('prod');
const step = gateStep({ ...example, names: names('prod'), image: 'an-image' });
const report = (file: string) => ({
  ContentType: 'application/json',
  S3Uri: {
    'Std:Join': {
      On: '/',
      Values: [{ Get: "Steps.Evaluate.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri" }, file],
    },
  },
});
const fromEvaluation = (path: string) => ({
  'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Evaluation' }, Path: path },
});

test('a challenger goes on only when the verdict of its evaluation is that it passed', () => {
  expect(step).toMatchObject({
    Name: 'Gate',
    Type: 'Condition',
    Arguments: {
      Conditions: [{ Type: 'Equals', LeftValue: fromEvaluation('verdict.passed'), RightValue: true }],
      IfSteps: [{ Name: 'Register', Type: 'RegisterModel' }],
      ElseSteps: [{ Name: 'Refused', Type: 'Fail' }],
    },
  });
});

test('one that is refused says where the report is', () => {
  expect(step).toHaveProperty('Arguments.ElseSteps.0.Arguments.ErrorMessage', {
    'Std:Join': { On: ' ', Values: ['the challenger did not pass its gates; see', report('evaluation.json').S3Uri] },
  });
});

test('one that passed becomes an approved package with its digest, its spans, its report and its drift reference', () => {
  expect(step).toHaveProperty('Arguments.IfSteps.0.Arguments', {
    ModelPackageGroupName: 'slipway-prod-flight-delay',
    ModelPackageDescription: { Get: 'Parameters.Reason' },
    ModelApprovalStatus: 'Approved',
    CustomerMetadataProperties: {
      digest: fromEvaluation('challenger.digest'),
      trainFrom: { Get: 'Parameters.TrainFrom' },
      trainTo: { Get: 'Parameters.TrainTo' },
    },
    ModelMetrics: { ModelQuality: { Statistics: report('evaluation.json') } },
    DriftCheckBaselines: { ModelDataQuality: { Statistics: report('reference-profile.json') } },
    InferenceSpecification: {
      Containers: [
        {
          Image: 'an-image',
          ModelDataUrl: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' },
          Environment: { SAGEMAKER_PROGRAM: 'inference.py', SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code' },
        },
      ],
      SupportedContentTypes: ['application/json'],
      SupportedResponseMIMETypes: ['application/json'],
      SupportedRealtimeInferenceInstanceTypes: ['ml.c6i.large'],
      SupportedTransformInstanceTypes: ['ml.c6i.large'],
    },
  });
});

test('a model that serves nowhere in the stage is refused by name', () => {
  const { model, stage } = example;
  const nowhere = { ...model, serving: { ...model.serving, fleet: {} } };

  expect(() => gateStep({ model: nowhere, stage, names: names('prod'), image: 'an-image' })).toThrow(
    "models.flight-delay.serving.fleet: lacks stage 'prod'",
  );
});
