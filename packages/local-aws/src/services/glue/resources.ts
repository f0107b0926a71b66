import type { ResourceType } from '../../cloud';
import { AwsError } from '../../errors';
import { nameOf } from './store';

async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AwsError) || error.code !== 'EntityNotFoundException') throw error;
  });
}

const database: ResourceType = {
  type: 'AWS::Glue::Database',
  enforced: ['CatalogId', 'DatabaseInput', 'DatabaseName'],
  stored: {},
  async create(properties, context) {
    const name = nameOf(properties.DatabaseName ?? properties.DatabaseInput.Name ?? context.generateName(255, true));
    const DatabaseInput = { ...properties.DatabaseInput, Name: name };
    await context.call('glue', 'CreateDatabase', { CatalogId: properties.CatalogId, DatabaseInput });
    return { id: name };
  },
  async update(id, properties, _previous, context) {
    const DatabaseInput = { ...properties.DatabaseInput, Name: id };
    await context.call('glue', 'UpdateDatabase', { CatalogId: properties.CatalogId, Name: id, DatabaseInput });
    return { id };
  },
  async delete(id, properties, context) {
    await unlessGone(context.call('glue', 'DeleteDatabase', { CatalogId: properties.CatalogId, Name: id }));
  },
};

const table: ResourceType = {
  type: 'AWS::Glue::Table',
  enforced: ['CatalogId', 'DatabaseName', 'TableInput', 'Name'],
  stored: {},
  async create(properties, context) {
    const name = nameOf(properties.Name ?? properties.TableInput.Name ?? context.generateName(255, true));
    const { CatalogId, DatabaseName } = properties;
    await context.call('glue', 'CreateTable', { CatalogId, DatabaseName, TableInput: { ...properties.TableInput, Name: name } });
    return { id: name };
  },
  async update(id, properties, _previous, context) {
    const { CatalogId, DatabaseName } = properties;
    await context.call('glue', 'UpdateTable', { CatalogId, DatabaseName, TableInput: { ...properties.TableInput, Name: id } });
    return { id };
  },
  async delete(id, { CatalogId, DatabaseName }, context) {
    await unlessGone(context.call('glue', 'DeleteTable', { CatalogId, DatabaseName, Name: id }));
  },
};

export const glueResources: readonly ResourceType[] = [database, table];
