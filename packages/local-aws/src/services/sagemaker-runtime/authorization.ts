import { arnOf, type Rights } from '../../iam/rights';

/** Rights of the SageMaker runtime. Source: Service Authorization Reference, "Amazon SageMaker". */
export const runtimeRights: Rights = {
  InvokeEndpoint: ({ EndpointName, TargetModel }, scope) => [
    {
      action: 'sagemaker:InvokeEndpoint',
      resource: arnOf('sagemaker', scope, `endpoint/${String(EndpointName ?? '').toLowerCase()}`),
      ...(TargetModel === undefined ? {} : { context: { 'sagemaker:TargetModel': TargetModel } }),
    },
  ],
};
