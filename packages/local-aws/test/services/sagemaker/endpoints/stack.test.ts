import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import {
  BatchGetRecordCommand,
  PutRecordCommand,
  SageMakerFeatureStoreRuntimeClient,
} from '@aws-sdk/client-sagemaker-featurestore-runtime';
import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { DeployedStacks } from '../../../support/deployed-stacks';
import { makeRole } from '../../../support/role';
import { Bench } from '../support';
import { artefact, IMAGE } from './fixture';

const ROLE = 'arn:aws:iam::000000000000:role/model';

function template(version: string, features: readonly string[]): object {
  return {
    Resources: {
      Database: { Type: 'AWS::Glue::Database', Properties: { CatalogId: '000000000000', DatabaseInput: { Name: 'features' } } },
      [`Model${version}`]: {
        Type: 'AWS::SageMaker::Model',
        Properties: {
          ExecutionRoleArn: ROLE,
          PrimaryContainer: {
            Image: IMAGE,
            ModelDataUrl: 's3://data/model.tar.gz',
            Environment: {
              SAGEMAKER_PROGRAM: 'inference.py',
              SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model',
              MODEL_VERSION: version,
            },
          },
        },
      },
      [`Config${version}`]: {
        Type: 'AWS::SageMaker::EndpointConfig',
        Properties: {
          ProductionVariants: [
            {
              VariantName: 'champion',
              ModelName: { 'Fn::GetAtt': [`Model${version}`, 'ModelName'] },
              InstanceType: 'ml.m5.large',
              InitialInstanceCount: 1,
              InitialVariantWeight: 1,
            },
          ],
        },
      },
      Endpoint: {
        Type: 'AWS::SageMaker::Endpoint',
        Properties: {
          EndpointName: 'flight-delay',
          EndpointConfigName: { 'Fn::GetAtt': [`Config${version}`, 'EndpointConfigName'] },
          RetainAllVariantProperties: true,
          Tags: [{ Key: 'stage', Value: 'dev' }],
        },
      },
      Features: {
        Type: 'AWS::SageMaker::FeatureGroup',
        Properties: {
          FeatureGroupName: 'origin',
          RecordIdentifierFeatureName: 'entity',
          EventTimeFeatureName: 'event_time',
          FeatureDefinitions: ['entity', 'event_time', ...features].map((FeatureName) => ({
            FeatureName,
            FeatureType: 'String',
          })),
          OnlineStoreConfig: { EnableOnlineStore: true, TtlDuration: { Unit: 'Days', Value: 100 } },
          OfflineStoreConfig: {
            S3StorageConfig: { S3Uri: 's3://data/offline' },
            DataCatalogConfig: { Catalog: 'AwsDataCatalog', Database: { Ref: 'Database' }, TableName: 'features_origin' },
            DisableGlueTableCreation: false,
            TableFormat: 'Iceberg',
          },
          RoleArn: ROLE,
        },
      },
    },
  };
}

describe('a stack of an endpoint and a feature group', () => {
  let bench: Bench;
  let stacks: DeployedStacks;
  let runtime: SageMakerRuntimeClient;
  let records: SageMakerFeatureStoreRuntimeClient;

  beforeAll(async () => {
    bench = await Bench.start();
    await makeRole(bench.cloud, 'model', ['sagemaker']);
    await bench.put('model.tar.gz', artefact());
    const { endpoint, region } = bench.cloud;
    const options = { endpoint, region, credentials: await bench.cloud.identities.root() };
    stacks = new DeployedStacks(new CloudFormationClient(options));
    runtime = new SageMakerRuntimeClient(options);
    records = new SageMakerFeatureStoreRuntimeClient(options);
  });

  afterAll(() => bench.stop());

  const invoke = async (Body: string): Promise<string> => {
    const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName: 'flight-delay', ContentType: 'text/csv', Body }));
    expect(answer.InvokedProductionVariant).toBe('champion');
    return Buffer.from(answer.Body).toString();
  };

  it('is created, updated to a new model and a new feature, and deleted', async () => {
    expect(await stacks.deployOrReasons('serving', template('v1', ['a']))).toBe('CREATE_COMPLETE');
    expect(await invoke('1')).toBe('v1:1');

    expect(await stacks.deployOrReasons('serving', template('v2', ['a', 'b']))).toBe('UPDATE_COMPLETE');
    expect(await invoke('1')).toBe('v2:1');
    const failure = await invoke('fail').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ModelError);
    expect(failure).toMatchObject({ OriginalStatusCode: 500, OriginalMessage: 'bad row' });

    const Record = ['entity', 'event_time', 'b'].map((FeatureName, index) => ({
      FeatureName,
      ValueAsString: ['OSL', new Date().toISOString(), 'x'][index],
    }));
    await records.send(new PutRecordCommand({ FeatureGroupName: 'origin', Record }));
    const read = await records.send(
      new BatchGetRecordCommand({ Identifiers: [{ FeatureGroupName: 'origin', RecordIdentifiersValueAsString: ['OSL'] }] }),
    );
    expect(read.Records).toMatchObject([{ RecordIdentifierValueAsString: 'OSL', Record }]);

    expect(await stacks.delete('serving')).toBe('GONE');
    await expect(bench.sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'flight-delay' }))).rejects.toThrow(
      'Could not find endpoint "arn:aws:sagemaker:eu-west-1:000000000000:endpoint/flight-delay".',
    );
  });
});
