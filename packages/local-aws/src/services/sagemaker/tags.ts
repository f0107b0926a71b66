import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../cloud';
import type { SageMakerModule } from './module';

type Tags = readonly Sdk.Tag[];

/** Tags of every SageMaker resource, by ARN. */
export class TagStore {
  private readonly table;

  constructor(cloud: Cloud) {
    this.table = cloud.storage.table<Tags>('sagemaker/tags');
  }

  get(arn: string): Tags {
    return this.table.get(arn) ?? [];
  }

  async add(arn: string, tags: Tags | undefined): Promise<Tags> {
    if (tags === undefined || tags.length === 0) return this.get(arn);
    const replaced = new Set(tags.map(({ Key }) => Key));
    const merged = [...this.get(arn).filter(({ Key }) => !replaced.has(Key)), ...tags];
    await this.table.put(arn, merged);
    return merged;
  }

  async remove(arn: string, keys?: readonly string[]): Promise<void> {
    const kept = keys === undefined ? [] : this.get(arn).filter(({ Key }) => !keys.includes(Key ?? ''));
    await (kept.length === 0 ? this.table.remove(arn) : this.table.put(arn, kept));
  }
}

export function tags(store: TagStore): SageMakerModule {
  return {
    operations: {
      AddTags: async (input: Sdk.AddTagsCommandInput) => ({ Tags: await store.add(input.ResourceArn ?? '', input.Tags) }),
      ListTags: (input: Sdk.ListTagsCommandInput) => ({ Tags: store.get(input.ResourceArn ?? '') }),
      DeleteTags: async (input: Sdk.DeleteTagsCommandInput) => {
        await store.remove(input.ResourceArn ?? '', input.TagKeys ?? []);
        return {};
      },
    },
  };
}
