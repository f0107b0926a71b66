import type * as Sdk from '@aws-sdk/client-athena';
import type { Cloud, Operations } from '../../cloud';
import { type AthenaStore, invalidRequest, type WorkGroupRecord } from './store';

const ENGINE = 'Athena engine version 3';
const MIN_CUTOFF = 10_000_000;
const SUPPORTED = new Set([
  'ResultConfiguration',
  'EnforceWorkGroupConfiguration',
  'PublishCloudWatchMetricsEnabled',
  'BytesScannedCutoffPerQuery',
  'EngineVersion',
  'RequesterPaysEnabled',
]);

function checked(configuration: Sdk.WorkGroupConfiguration | undefined): Sdk.WorkGroupConfiguration {
  const given = configuration ?? {};
  const unsupported = Object.entries(given).find(([name, value]) => value !== undefined && !SUPPORTED.has(name));
  if (unsupported !== undefined) throw invalidRequest(`The local AWS does not support ${unsupported[0]} of a workgroup`);
  const engine = given.EngineVersion?.SelectedEngineVersion;
  if (engine !== undefined && engine !== ENGINE && engine !== 'AUTO')
    throw invalidRequest(`The local AWS has ${ENGINE}; given ${engine}`);
  if ((given.BytesScannedCutoffPerQuery ?? MIN_CUTOFF) < MIN_CUTOFF)
    throw invalidRequest(`BytesScannedCutoffPerQuery must be at least ${MIN_CUTOFF}; given ${given.BytesScannedCutoffPerQuery}`);
  const location = given.ResultConfiguration?.OutputLocation;
  if (location !== undefined && !/^s3:\/\/[^/]+(\/|$)/.test(location))
    throw invalidRequest('outputLocation is not a valid S3 path.');
  return given;
}

/** A configuration after an update: what is given replaces, what is named for removal goes. */
function merged(known: Sdk.WorkGroupConfiguration, updates: Sdk.WorkGroupConfigurationUpdates): Sdk.WorkGroupConfiguration {
  const { ResultConfigurationUpdates: result, RemoveBytesScannedCutoffPerQuery: uncapped, ...plain } = updates;
  const location = result?.RemoveOutputLocation === true ? undefined : result?.OutputLocation;
  const encryption = result?.RemoveEncryptionConfiguration === true ? undefined : result?.EncryptionConfiguration;
  const before = known.ResultConfiguration ?? {};
  const ResultConfiguration: Sdk.ResultConfiguration = {
    ...before,
    ...(result?.OutputLocation === undefined && result?.RemoveOutputLocation !== true ? {} : { OutputLocation: location }),
    ...(result?.EncryptionConfiguration === undefined && result?.RemoveEncryptionConfiguration !== true
      ? {}
      : { EncryptionConfiguration: encryption }),
  };
  return checked({
    ...known,
    ...(plain as Sdk.WorkGroupConfiguration),
    ResultConfiguration,
    ...(uncapped === true ? { BytesScannedCutoffPerQuery: undefined } : {}),
  });
}

/** What the operations share. */
function workgroupScope(cloud: Cloud, store: AthenaStore) {
  const describe = (record: WorkGroupRecord): Sdk.WorkGroup => ({
    Name: record.name,
    State: record.state,
    Description: record.description,
    CreationTime: new Date(record.created),
    Configuration: {
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      ...record.configuration,
      EngineVersion: { SelectedEngineVersion: ENGINE, ...record.configuration.EngineVersion, EffectiveEngineVersion: ENGINE },
    },
  });
  return { store, cloud, describe };
}
type WorkgroupScope = ReturnType<typeof workgroupScope>;

async function createWorkGroup({ store, cloud }: WorkgroupScope, input: Sdk.CreateWorkGroupCommandInput) {
  const name = input.Name ?? '';
  if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) throw invalidRequest(`WorkGroup name ${name} is invalid`);
  if (name === 'primary' || store.workgroups.get(name) !== undefined) throw invalidRequest('WorkGroup is already created');
  await store.workgroups.put(name, {
    name,
    state: 'ENABLED',
    configuration: checked(input.Configuration),
    created: cloud.clock.now(),
    tags: input.Tags ?? [],
    ...(input.Description === undefined ? {} : { description: input.Description }),
  });
  return {};
}

async function updateWorkGroup({ store }: WorkgroupScope, input: Sdk.UpdateWorkGroupCommandInput) {
  const known = store.workgroup(input.WorkGroup);
  await store.workgroups.put(known.name, {
    ...known,
    configuration: merged(known.configuration, input.ConfigurationUpdates ?? {}),
    state: input.State ?? known.state,
    ...(input.Description === undefined ? {} : { description: input.Description }),
  });
  return {};
}

async function deleteWorkGroup({ store, cloud }: WorkgroupScope, input: Sdk.DeleteWorkGroupCommandInput) {
  const { name } = store.workgroup(input.WorkGroup);
  if (name === 'primary') throw invalidRequest('The primary workgroup cannot be deleted');
  const queries = [...store.byWorkgroup.under([name])];
  if (queries.length > 0 && input.RecursiveDeleteOption !== true) throw invalidRequest(`WorkGroup ${name} is not empty`);
  await cloud.storage.transaction(() => {
    for (const { key, value } of queries) {
      void store.byWorkgroup.remove(key);
      void store.queries.remove(value);
    }
    void store.workgroups.remove(name);
  });
  return {};
}

function listWorkGroups({ store, describe }: WorkgroupScope) {
  const all = [store.workgroup('primary'), ...[...store.workgroups.entries()].map(({ value }) => value)];
  const unique = [...new Map(all.map((record) => [record.name, describe(record)])).values()];
  return {
    WorkGroups: unique.map(({ Configuration, ...summary }) => ({ ...summary, EngineVersion: Configuration?.EngineVersion })),
  };
}

/** Workgroups; `primary` is there from the beginning. */
export function workgroupOperations(cloud: Cloud, store: AthenaStore): Operations {
  const scope = workgroupScope(cloud, store);
  const { describe } = scope;
  return {
    CreateWorkGroup: (input: Sdk.CreateWorkGroupCommandInput) => createWorkGroup(scope, input),
    GetWorkGroup: (input: Sdk.GetWorkGroupCommandInput) => ({ WorkGroup: describe(store.workgroup(input.WorkGroup)) }),
    UpdateWorkGroup: (input: Sdk.UpdateWorkGroupCommandInput) => updateWorkGroup(scope, input),
    DeleteWorkGroup: (input: Sdk.DeleteWorkGroupCommandInput) => deleteWorkGroup(scope, input),
    ListWorkGroups: () => listWorkGroups(scope),
  };
}
