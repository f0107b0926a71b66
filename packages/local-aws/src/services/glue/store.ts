import type * as Sdk from '@aws-sdk/client-glue';
import type { Cloud } from '../../cloud';
import { AwsError } from '../../errors';
import type { Table } from '../../storage/storage';

export interface DatabaseRecord {
  readonly input: Sdk.DatabaseInput;
  readonly created: number;
}

export interface TableRecord {
  readonly database: string;
  readonly input: Sdk.TableInput;
  readonly version: number;
  readonly created: number;
  readonly updated: number;
  /** ARN of who created the table. */
  readonly by: string;
}

export function entityNotFound(message: string): AwsError {
  return new AwsError('EntityNotFoundException', message);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

/** Databases, tables and the versions of tables. Glue keeps every name in lower case. */
export class GlueStore {
  readonly databases: Table<DatabaseRecord>;
  /** Key `[database, table]`. */
  readonly tables: Table<TableRecord>;
  /** Key `[database, table, version]`. */
  readonly versions: Table<TableRecord>;

  constructor(private readonly cloud: Cloud) {
    this.databases = cloud.storage.table('glue/databases');
    this.tables = cloud.storage.table('glue/tables');
    this.versions = cloud.storage.table('glue/table-versions');
  }

  /** One catalogue: the account's. */
  checkCatalog(catalogId: string | undefined): void {
    if (catalogId !== undefined && catalogId !== this.cloud.account)
      throw invalidInput(
        `The local AWS has the Data Catalog of account ${this.cloud.account} only; given CatalogId ${catalogId}`,
      );
  }

  database(name: string | undefined): DatabaseRecord {
    const found = this.databases.get(nameOf(name));
    if (found === undefined) throw entityNotFound(`Database ${nameOf(name)} not found.`);
    return found;
  }

  table(database: string | undefined, name: string | undefined): TableRecord {
    this.database(database);
    const found = this.tables.get([nameOf(database), nameOf(name)]);
    if (found === undefined) throw entityNotFound(`Table ${nameOf(name)} not found.`);
    return found;
  }
}

/** A catalogue name as it is kept. */
export function nameOf(name: string | undefined): string {
  return (name ?? '').toLowerCase();
}

/** Checks a name of a request and gives it as it is kept. */
export function checkedName(name: string | undefined, kind: string): string {
  const kept = nameOf(name);
  if (kept.length < 1 || kept.length > 255)
    throw invalidInput(
      `1 validation error detected: Value '${kept}' at '${kind}' failed to satisfy constraint: Member must have length between 1 and 255`,
    );
  return kept;
}
