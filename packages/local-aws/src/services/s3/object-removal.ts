import { randomBytes } from 'node:crypto';
import type * as Sdk from '@aws-sdk/client-s3';
import type { Cloud } from '../../cloud';

import { findBucket, type ObjectBytes } from './object-bytes';
import type { BucketRecord, ObjectRecord, S3Store } from './store';

/** Removal of objects and versions, with the markers that versioned buckets keep. */
export class ObjectRemoval {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: S3Store,
    private readonly bytes: ObjectBytes,
  ) {}

  /** Removes objects in one transaction, so that a killed call has removed all of them or none. */
  async remove(bucketName: string | undefined, objects: readonly Sdk.ObjectIdentifier[]): Promise<object[]> {
    const bucket = findBucket(this.store, bucketName);
    const gone: (string | undefined)[] = [];
    const results = await this.cloud.storage.transaction(() =>
      objects.map(({ Key = '', VersionId }) => this.removeOne(bucket, Key, VersionId, gone)),
    );
    for (const file of gone) await this.store.removeFile(file);
    return results;
  }

  private removeOne(bucket: BucketRecord, key: string, versionId: string | undefined, gone: (string | undefined)[]): object {
    const current = this.store.objects.get([bucket.name, key]);
    if (versionId !== undefined) return this.removeVersion(bucket, key, versionId, current, gone);
    if (bucket.versioning === 'Off') {
      gone.push(current?.file);
      if (current !== undefined) void this.store.objects.remove([bucket.name, key]);
      return {};
    }
    const marker = {
      key,
      versionId: bucket.versioning === 'Enabled' ? randomBytes(16).toString('hex') : 'null',
      deleted: true,
      size: 0,
      etag: '',
      modified: this.cloud.clock.now(),
      contentType: '',
      metadata: {},
      encryption: bucket.encryption,
    };
    gone.push(this.bytes.replace(bucket, marker, current));
    return { DeleteMarker: true, VersionId: marker.versionId };
  }

  private removeVersion(
    bucket: BucketRecord,
    key: string,
    versionId: string,
    current: ObjectRecord | undefined,
    gone: (string | undefined)[],
  ): object {
    const older = [...this.store.versions.under([bucket.name, key], { reverse: true })];
    if (current?.versionId === versionId) {
      gone.push(current.file);
      const next = older[0];
      if (next === undefined) void this.store.objects.remove([bucket.name, key]);
      else {
        void this.store.objects.put([bucket.name, key], next.value);
        void this.store.versions.remove(next.key);
      }
    } else {
      for (const entry of older.filter(({ value }) => value.versionId === versionId)) {
        gone.push(entry.value.file);
        void this.store.versions.remove(entry.key);
      }
    }
    return { VersionId: versionId };
  }
}
