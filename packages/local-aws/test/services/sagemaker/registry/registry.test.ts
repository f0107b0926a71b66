import { sagemaker } from '../../../../src/services/sagemaker';
import { modelPackageGroup } from '../../../../src/services/sagemaker/registry/resources';
import { FakeCloud } from '../../../support/fake-cloud';

interface Event {
  readonly DetailType: string;
  readonly Detail: string;
}

describe('the registry', () => {
  let cloud: FakeCloud;
  const events: Event[] = [];

  beforeAll(async () => {
    const PutEvents = ({ Entries }: { Entries: Event[] }) => void events.push(...Entries);
    cloud = await FakeCloud.start({ services: [sagemaker], stubs: { events: { PutEvents } } });
    await modelPackageGroup.create({ ModelPackageGroupName: 'flights', ModelPackageGroupDescription: 'd' }, cloud.context());
  });

  afterAll(() => cloud.stop());

  const call = <T>(operation: string, input: object): Promise<T> => cloud.call<T>('sagemaker', operation, input);
  const create = (input: object = {}): Promise<{ ModelPackageArn: string }> =>
    call('CreateModelPackage', { ModelPackageGroupName: 'flights', ...input });

  it('counts versions up and never gives one again', async () => {
    const first = await create();
    await call('DeleteModelPackage', { ModelPackageName: first.ModelPackageArn });

    const second = await create({ ClientToken: 'again' });

    expect(first.ModelPackageArn).toBe('arn:aws:sagemaker:eu-west-1:000000000000:model-package/flights/1');
    expect(second.ModelPackageArn).toMatch(/\/2$/);
    expect(await create({ ClientToken: 'again' })).toEqual(second);
  });

  it('tells EventBridge of a version and of each change of its approval', async () => {
    events.length = 0;
    const { ModelPackageArn } = await create({ CustomerMetadataProperties: { digest: 'a', from: 'b' } });
    const update = {
      ModelPackageArn,
      ModelApprovalStatus: 'Approved',
      CustomerMetadataProperties: { digest: 'c' },
      CustomerMetadataPropertiesToRemove: ['from'],
    };
    await call('UpdateModelPackage', update);
    await call('UpdateModelPackage', { ModelPackageArn, CustomerMetadataProperties: { note: 'n' } });

    expect(events.map(({ DetailType, Detail }) => [DetailType, JSON.parse(Detail).ModelApprovalStatus])).toEqual([
      ['SageMaker Model Package State Change', 'PendingManualApproval'],
      ['SageMaker Model Package State Change', 'Approved'],
    ]);
    expect(await call('DescribeModelPackage', { ModelPackageName: ModelPackageArn })).toMatchObject({
      ModelPackageGroupName: 'flights',
      ModelPackageStatus: 'Completed',
      CustomerMetadataProperties: { digest: 'c', note: 'n' },
    });
    const listed = await call('ListModelPackages', { ModelPackageGroupName: 'flights', ModelApprovalStatus: 'Approved' });
    expect(listed).toMatchObject({ ModelPackageSummaryList: [{ ModelPackageArn }] });
  });

  it('keeps a group that has versions, and says what it does not know', async () => {
    const arn = 'arn:aws:sagemaker:eu-west-1:000000000000:model-package-group/flights';
    await expect(modelPackageGroup.delete(arn, {}, cloud.context())).rejects.toThrow(
      'cannot be deleted since it contains ModelPackages',
    );
    await expect(create({ ModelPackageGroupName: 'nobody' })).rejects.toThrow(
      'Model Package Group arn:aws:sagemaker:eu-west-1:000000000000:model-package-group/nobody does not exist.',
    );
    await expect(create({ ModelApprovalStatus: 'Maybe' })).rejects.toThrow("Value 'Maybe' at 'modelApprovalStatus'");
  });
});

it('tells of an approval after a restart if the server was killed before it could', async () => {
  const told: string[] = [];
  let isDown = true;
  const PutEvents = ({ Entries }: { Entries: Event[] }): unknown => {
    if (isDown) return new Promise(() => undefined);
    for (const { Detail } of Entries) told.push((JSON.parse(Detail) as { ModelApprovalStatus: string }).ModelApprovalStatus);
    return {};
  };
  const options = { services: [sagemaker], stubs: { events: { PutEvents } } };
  const killed = await FakeCloud.start(options);
  await modelPackageGroup.create({ ModelPackageGroupName: 'flights' }, killed.context());
  const input = { ModelPackageGroupName: 'flights', ModelApprovalStatus: 'Approved' };
  void killed.call('sagemaker', 'CreateModelPackage', input);
  while (![...killed.storage.table('sagemaker/events-to-put').entries()].length)
    await new Promise((resolve) => setImmediate(resolve));
  await killed.stop(true);

  isDown = false;
  const next = await FakeCloud.start({ ...options, stateDir: killed.stateDir });
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await next.activity.idle();

  expect(told).toEqual(['Approved']);
  expect([...next.storage.table('sagemaker/events-to-put').entries()]).toEqual([]);
  await next.stop();
});
