import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { validationError } from '../../../errors';
import type { Table } from '../../../storage/storage';
import { arnOf, nameIn } from '../names';

export interface GroupRecord {
  readonly name: string;
  readonly description?: string;
  readonly created: number;
  readonly createdBy: string;
  /** Version of the next package: versions are never used again. */
  readonly next: number;
  readonly policy?: string;
}

export interface PackageRecord {
  readonly group: string;
  readonly version: number;
  readonly arn: string;
  /** The create request, with what updates changed. */
  readonly content: Omit<Sdk.CreateModelPackageCommandInput, 'ClientToken' | 'Tags'>;
  readonly approvalDescription?: string;
  readonly created: number;
  readonly createdBy: string;
  readonly modified: number;
  readonly modifiedBy?: string;
}

/** Model package groups and their versions. */
export class Registry {
  readonly groups: Table<GroupRecord>;
  readonly packages: Table<PackageRecord>;

  constructor(private readonly cloud: Cloud) {
    this.groups = cloud.storage.table('sagemaker/package-groups');
    this.packages = cloud.storage.table('sagemaker/packages');
  }

  groupArn(name: string): string {
    return arnOf(this.cloud, `model-package-group/${name}`);
  }

  packageArn(group: string, version: number): string {
    return arnOf(this.cloud, `model-package/${group}/${version}`);
  }

  /** A group by name or ARN. */
  group(reference: string | undefined): GroupRecord {
    const name = nameIn('model-package-group', reference ?? '');
    const found = this.groups.get(name);
    if (found === undefined) throw validationError(`Model Package Group ${this.groupArn(name)} does not exist.`);
    return found;
  }

  /** A version by its ARN. */
  package(reference: string | undefined): PackageRecord {
    const [group = '', version = ''] = nameIn('model-package', reference ?? '').split('/');
    const found = this.packages.get([group, Number(version) || 0]);
    if (found === undefined) throw validationError(`ModelPackage ${reference} does not exist.`);
    return found;
  }
}
