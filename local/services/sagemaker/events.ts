import type { Cloud } from '../../cloud';

/** Puts an event of SageMaker on the default bus; trouble there is logged and never fails the work that it tells of. */
export async function publish(cloud: Cloud, detailType: string, resources: readonly string[], detail: object): Promise<void> {
  const entry = {
    Source: 'aws.sagemaker',
    DetailType: detailType,
    Resources: resources,
    Time: new Date(cloud.clock.now()),
    Detail: JSON.stringify(detail),
  };
  await cloud
    .call('events', 'PutEvents', { Entries: [entry] }, cloud.asService('sagemaker.amazonaws.com'))
    .catch((error: unknown) => cloud.log('sagemaker', `event "${detailType}" was not put: ${String(error)}`));
}
