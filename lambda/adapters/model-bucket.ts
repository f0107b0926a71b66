import { createHash } from 'node:crypto';
import { CopyObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type ReferenceProfile, referenceProfileSchema } from '../../core/drift';
import { MODEL_KEYS } from '../../core/naming';
import { type EvaluationReport, evaluationReportSchema } from '../../core/promotion';

/** Artefacts, reports and profiles in the models bucket. */
export class ModelBucket {
  private readonly profiles = new Map<string, ReferenceProfile>();

  constructor(
    private readonly client: S3Client,
    readonly bucket: string,
  ) {}

  /** Drift reference of a version; undefined when it has none. */
  async profile(model: string, version: string): Promise<ReferenceProfile | undefined> {
    const key = MODEL_KEYS.versionProfile(model, version);
    const known = this.profiles.get(key);
    if (known !== undefined) return known;
    const text = await this.text(key);
    if (text === undefined) return undefined;
    const profile = referenceProfileSchema.parse(JSON.parse(text));
    this.profiles.set(key, profile);
    return profile;
  }

  /** Report of a pipeline run; undefined when the run did not get that far. */
  async report(model: string, executionId: string): Promise<EvaluationReport | undefined> {
    const text = await this.text(`${MODEL_KEYS.run(model, executionId)}/${MODEL_KEYS.report}`);
    return text === undefined ? undefined : evaluationReportSchema.parse(JSON.parse(text));
  }

  /** Makes a run's profile the drift reference of a version. */
  async publishProfile(model: string, executionId: string, version: string): Promise<void> {
    const source = `${this.bucket}/${MODEL_KEYS.run(model, executionId)}/${MODEL_KEYS.profile}`;
    await this.client.send(
      new CopyObjectCommand({ Bucket: this.bucket, Key: MODEL_KEYS.versionProfile(model, version), CopySource: source }),
    );
  }

  /** `sha256:<hex>` of an object's bytes. */
  async digest(url: string): Promise<string> {
    const { hostname, pathname } = new URL(url);
    const { Body } = await this.client.send(
      new GetObjectCommand({ Bucket: hostname, Key: decodeURIComponent(pathname.slice(1)) }),
    );
    const bytes = await Body?.transformToByteArray();
    return `sha256:${createHash('sha256')
      .update(bytes ?? new Uint8Array())
      .digest('hex')}`;
  }

  /** Copies an object of another bucket to a key here. */
  async adopt(sourceBucket: string, sourceKey: string, key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: sourceBucket, Key: sourceKey }));
    const bytes = await Body?.transformToByteArray();
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes ?? new Uint8Array() }));
    return `s3://${this.bucket}/${key}`;
  }

  private async text(key: string): Promise<string | undefined> {
    try {
      return await (await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }))).Body?.transformToString(
        'utf8',
      );
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}
