import type { Cloud } from '../../cloud';
import type { Table } from '../../storage/storage';

interface Event {
  readonly Source: string;
  readonly DetailType: string;
  readonly Resources: readonly string[];
  /** Epoch ms. */
  readonly time: number;
  readonly Detail: string;
}

const SERVICE = 'sagemaker.amazonaws.com';
let staged = 0;

function table(cloud: Cloud): Table<Event> {
  return cloud.storage.table<Event>('sagemaker/events-to-put');
}

function eventOf(cloud: Cloud, detailType: string, resources: readonly string[], detail: object): Event {
  return {
    Source: 'aws.sagemaker',
    DetailType: detailType,
    Resources: resources,
    time: cloud.clock.now(),
    Detail: JSON.stringify(detail),
  };
}

/** Trouble is logged and never fails the work that the event tells of. */
async function put(cloud: Cloud, { time, ...event }: Event): Promise<void> {
  await cloud
    .call('events', 'PutEvents', { Entries: [{ ...event, Time: new Date(time) }] }, cloud.asService(SERVICE))
    .catch((error: unknown) => cloud.log('sagemaker', `event "${event.DetailType}" was not put: ${String(error)}`));
}

/** Puts an event of SageMaker on the default bus. */
export function publish(cloud: Cloud, detailType: string, resources: readonly string[], detail: object): Promise<void> {
  return put(cloud, eventOf(cloud, detailType, resources, detail));
}

/**
 * Notes an event in the transaction that makes what it tells of; the returned function puts it once that is committed. If the server is
 * killed between, its next start puts it: at least once.
 */
export function stage(cloud: Cloud, detailType: string, resources: readonly string[], detail: object): () => Promise<void> {
  const event = eventOf(cloud, detailType, resources, detail);
  staged += 1;
  const key = [event.time, Date.now(), staged];
  void table(cloud).put(key, event);
  return async () => {
    await put(cloud, event);
    await table(cloud).remove(key);
  };
}

/** Puts what a killed server had noted and may not have put. */
export async function putStaged(cloud: Cloud): Promise<void> {
  for (const { key, value } of [...table(cloud).entries()]) {
    await put(cloud, value);
    await table(cloud).remove(key);
  }
}
