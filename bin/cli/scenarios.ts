import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { findModel } from '../../core/definition';
import { packTar, sources } from '../../lib/shared/artefacts';
import { platform } from '../../platform';
import { Failure } from './failure';
import { readChampion } from './ledger';
import { ROOT } from './state-folder';
import type { Target } from './target';

/** Serving code that fails on every request, while training and evaluation, which call the scorer directly, work. */
const BREAKAGE = `

def predict_fn(instances, model):
    raise RuntimeError('this version cannot serve')


def batch_predict_fn(requests, model):
    return [RuntimeError('this version cannot serve') for _ in requests]
`;

/** Uploads the container's sources with serving code that fails; gives their address. */
export async function uploadBrokenSource(target: Target, model: string): Promise<string> {
  const champion = await readChampion(target, model);
  if (champion === undefined) throw new Failure(`${model} has no champion`);
  const algorithm = findModel(platform, model)?.training.algorithm;
  if (algorithm === undefined) throw new Failure(`no model '${model}'`);
  const files = sources(ROOT, algorithm);
  const body = packTar({ ...files, 'inference.py': `${files['inference.py']?.toString('utf8')}${BREAKAGE}` });
  const bucket = new URL(champion.modelDataUrl).hostname;
  const key = `${model}/experiments/${createHash('sha256').update(body).digest('hex')}.tar.gz`;
  await new S3Client(target.client).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return `s3://${bucket}/${key}`;
}
