import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/** Uploads a training set document, so that a run reads exactly the SQL that was deployed. */
export function trainingSetAsset(scope: Construct, id: string, document: object): Asset {
  const folder = FileSystem.mkdtemp('training-set-');
  try {
    const path = join(folder, 'training-set.json');
    writeFileSync(path, `${JSON.stringify(document, null, 2)}\n`);
    // The asset is copied into the assembly as it is made.
    return new Asset(scope, id, { path });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
