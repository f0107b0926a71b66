import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ALGORITHMS, algorithmOf } from '../../../core/algorithms';
import { frameworkImage } from '../../../lib/containers/framework-image';
import { testApp } from '../../support/app';
import { textOf } from '../../support/stage-templates';

const { image } = algorithmOf({ algorithm: 'xgboost' });

function templateWith(times: number): { template: Template; texts: string[] } {
  const stack = new Stack(testApp(), 'Stack');
  new Topic(stack, 'Topic');
  const images = Array.from({ length: times }, () => frameworkImage(stack, 'xgboost'));
  images.forEach(({ uri }, at) => {
    new CfnOutput(stack, `Uri${at}`, { value: uri });
  });
  return {
    template: Template.fromStack(stack),
    texts: images.flatMap(({ uri, repositoryArn }) => [uri, repositoryArn].map((value) => textOf(stack.resolve(value)))),
  };
}

test('an image is that of its algorithm, in the region of the deployment', () => {
  expect(templateWith(1).texts).toEqual([
    `<FrameworkImages.xgboost>.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>/${image.repository}:${image.tag}`,
    `arn:<AWS::Partition>:ecr:<AWS::Region>:<FrameworkImages.xgboost>:repository/${image.repository}`,
  ]);
});

test('a stack has one table of accounts, however many images it names', () => {
  const { Mappings } = templateWith(3).template.toJSON();

  expect(Object.keys(Mappings)).toEqual(['FrameworkImages']);
  expect(Object.keys(Mappings.FrameworkImages).toSorted()).toEqual(Object.keys(image.accounts).toSorted());
});

test.each(ALGORITHMS)('accounts of $name are those that the algorithm states', ({ name, image: { accounts } }) => {
  const { Mappings } = templateWith(1).template.toJSON();

  for (const [region, account] of Object.entries(accounts)) {
    expect(Mappings.FrameworkImages[region][name]).toBe(account);
    expect(account).toMatch(/^\d{12}$/);
  }
});
