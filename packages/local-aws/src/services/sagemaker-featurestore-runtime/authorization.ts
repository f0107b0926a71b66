import { actionsOn, type Input, named, type Rights, type Scope } from '../../iam/rights';

const group = (name: string | undefined, scope: Scope): string =>
  name?.startsWith('arn:') === true ? name : named('sagemaker', 'feature-group/', name?.toLowerCase(), scope);

/** Rights of the Feature Store's records. Source: Service Authorization Reference, "Amazon SageMaker". */
export const recordRights: Rights = {
  ...actionsOn('sagemaker', [
    ['PutRecord GetRecord DeleteRecord ListRecords', ({ FeatureGroupName }: Input, scope) => group(FeatureGroupName, scope)],
    [
      'BatchGetRecord',
      ({ Identifiers }: Input, scope) =>
        ((Identifiers ?? []) as Input[]).map(({ FeatureGroupName }) => group(FeatureGroupName, scope)),
    ],
    [
      'BatchWriteRecord',
      ({ Entries }: Input, scope) => ((Entries ?? []) as Input[]).map(({ FeatureGroupName }) => group(FeatureGroupName, scope)),
    ],
  ]),
};
