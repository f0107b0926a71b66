import type * as Sdk from '@aws-sdk/client-api-gateway';
import type { Operations } from '../../../cloud';
import { applyPatch, defined } from '../patch';
import type { KeyRecord } from '../records';
import { badRequest, conflict, newId, type Store } from '../store';
import { page } from './paging';

const KEY_FIELDS = {
  '/name': 'text',
  '/description': 'text',
  '/customerId': 'text',
  '/enabled': 'boolean',
} as const;

function describeKey(record: KeyRecord, includeValue: boolean): Sdk.ApiKey {
  const { created, updated, value, ...rest } = record;
  return {
    ...rest,
    createdDate: new Date(created),
    lastUpdatedDate: new Date(updated),
    stageKeys: [],
    ...(includeValue ? { value } : {}),
  };
}

function newKey(store: Store, input: Sdk.CreateApiKeyCommandInput): KeyRecord {
  const value = input.value ?? newId(40);
  if (value.length < 20 || value.length > 128) throw badRequest('API Key value should be between 20 and 128 characters');
  if (store.keyValues.get(value) !== undefined) throw conflict('API Key already exists');
  const now = store.cloud.clock.now();
  return defined({
    id: newId(10),
    value,
    name: input.name,
    description: input.description,
    customerId: input.customerId,
    // As the API has it: a key is off unless it is said to be on.
    enabled: input.enabled ?? false,
    created: now,
    updated: now,
    tags: input.tags ?? {},
  }) as KeyRecord;
}

/** API keys: their values name callers to usage plans. */
export function keyOperations(store: Store): Operations {
  return {
    CreateApiKey: async (input: Sdk.CreateApiKeyCommandInput) => {
      const record = await store.cloud.storage.transaction(() => {
        const made = newKey(store, input);
        void store.keys.put(made.id, made);
        void store.keyValues.put(made.value, made.id);
        return made;
      });
      store.changed();
      return describeKey(record, true);
    },
    GetApiKey: (input: Sdk.GetApiKeyCommandInput) => describeKey(store.key(input.apiKey), input.includeValue === true),
    GetApiKeys: (input: Sdk.GetApiKeysCommandInput) =>
      page(
        [...store.keys.entries()]
          .map(({ value }) => value)
          .filter(({ name }) => input.nameQuery === undefined || name?.startsWith(input.nameQuery) === true)
          .filter(({ customerId }) => input.customerId === undefined || customerId === input.customerId)
          .map((record) => describeKey(record, input.includeValues === true)),
        input,
      ),
    UpdateApiKey: async (input: Sdk.UpdateApiKeyCommandInput) => {
      const patched = applyPatch(store.key(input.apiKey), input.patchOperations, KEY_FIELDS);
      const record = { ...patched, updated: store.cloud.clock.now() };
      await store.keys.put(record.id, record);
      store.changed();
      return describeKey(record, false);
    },
    DeleteApiKey: async (input: Sdk.DeleteApiKeyCommandInput) => {
      const { id, value } = store.key(input.apiKey);
      await store.cloud.storage.transaction(() => {
        for (const { key: plan } of store.plans.entries()) void store.planKeys.remove([String(plan), id]);
        void store.keyValues.remove(value);
        void store.keys.remove(id);
      });
      store.changed();
    },
  };
}
