import { sagemaker } from '../../../../src/services/sagemaker';
import { pipelineResource } from '../../../../src/services/sagemaker/pipelines/resources';
import { FakeCloud } from '../../../support/fake-cloud';
import { ROLE } from '../support';

const body = (message: string): string =>
  JSON.stringify({ Version: '2020-12-01', Steps: [{ Name: 'End', Type: 'Fail', Arguments: { ErrorMessage: message } }] });
const properties = (definition: object): object => ({ PipelineName: 'p', RoleArn: ROLE, PipelineDefinition: definition });

describe('AWS::SageMaker::Pipeline', () => {
  let cloud: FakeCloud;

  beforeAll(async () => {
    cloud = await FakeCloud.start({ services: [sagemaker] });
  });

  afterAll(() => cloud.stop());

  const definition = async (): Promise<string> =>
    (await cloud.call<{ PipelineDefinition: string }>('sagemaker', 'DescribePipeline', { PipelineName: 'p' })).PipelineDefinition;

  it('is created, updated in place and deleted twice without trouble', async () => {
    const first = properties({ PipelineDefinitionBody: body('a') });
    const second = properties({ PipelineDefinitionBody: body('b') });

    expect(await pipelineResource.create(first, cloud.context())).toEqual({ id: 'p' });
    expect(await definition()).toBe(body('a'));
    await pipelineResource.update?.('p', second, first, cloud.context());
    expect(await definition()).toBe(body('b'));
    await pipelineResource.delete('p', second, cloud.context());
    await pipelineResource.delete('p', second, cloud.context());
    await expect(definition()).rejects.toThrow("Pipeline 'arn:aws:sagemaker:eu-west-1:000000000000:pipeline/p' does not exist.");
  });

  it.each([
    [{ pipelineDefinitionBody: '{}' }, '#/PipelineDefinition: extraneous key [pipelineDefinitionBody] is not permitted'],
    [{}, '#/PipelineDefinition: give exactly one of PipelineDefinitionBody and PipelineDefinitionS3Location'],
    [{ PipelineDefinitionBody: '{' }, 'Unable to parse pipeline definition. it is not JSON'],
  ])('refuses the definition %j', async (given, message) => {
    await expect(pipelineResource.create(properties(given), cloud.context())).rejects.toThrow(message);
  });
});
