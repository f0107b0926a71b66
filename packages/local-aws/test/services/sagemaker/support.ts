import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { LocalCloud } from '../../../src/server';
import { makeRole } from '../../support/role';

export const IMAGE = '141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:3.0-5';
export const ROLE = 'arn:aws:iam::000000000000:role/job';

/** A local AWS of its own, with clients of its root and a bucket `data`. */
export class Bench {
  private constructor(
    public cloud: LocalCloud,
    public sagemaker: SageMakerClient,
    public s3: S3Client,
    private readonly stateDir: string,
  ) {}

  static async start(): Promise<Bench> {
    const stateDir = mkdtempSync(join(tmpdir(), 'sagemaker-'));
    const cloud = await LocalCloud.start({ stateDir });
    await makeRole(cloud, 'job', ['sagemaker']);
    const bench = new Bench(cloud, await client(cloud, SageMakerClient), await client(cloud, S3Client), stateDir);
    await bench.s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    return bench;
  }

  /** Ends the server and starts another one on the same state. */
  async restart(): Promise<void> {
    await this.cloud.stop();
    this.cloud = await LocalCloud.start({ stateDir: this.stateDir });
    this.sagemaker = await client(this.cloud, SageMakerClient);
    this.s3 = await client(this.cloud, S3Client);
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: 'data', Key: key, Body: body }));
  }

  async get(key: string): Promise<Buffer> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'data', Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  /** A gzipped tar of scripts at `s3://data/<key>`. */
  async putSource(key: string, scripts: Readonly<Record<string, string>>): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), 'source-'));
    for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text);
    await this.put(key, execFileSync('tar', ['-czf', '-', '-C', folder, ...Object.keys(scripts)]));
    rmSync(folder, { recursive: true });
    return `s3://data/${key}`;
  }

  async stop(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

async function client<T>(cloud: LocalCloud, Client: new (options: object) => T): Promise<T> {
  const credentials = await cloud.identities.root();
  return new Client({ endpoint: cloud.endpoint, region: cloud.region, credentials, forcePathStyle: true });
}

/** Polls until `read` gives a value. */
export async function eventually<T>(read: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const value = await read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not happen in 10 s');
}
