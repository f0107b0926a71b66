import {
  DeleteParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { Names } from '../../core/naming';
import { type Champion, championSchema } from '../../core/promotion';

/** Champion pointers and freeze switches. */
export interface Champions {
  get(model: string): Promise<Champion | undefined>;
  put(model: string, champion: Champion): Promise<void>;
  isFrozen(model: string): Promise<boolean>;
}

/** Pointers as SSM parameters: the whole as JSON, and the two values that templates resolve. */
export class ParameterChampions implements Champions {
  constructor(
    private readonly client: SSMClient,
    private readonly names: Names,
  ) {}

  async get(model: string): Promise<Champion | undefined> {
    const text = await this.read(this.names.championParameter(model));
    return text === undefined ? undefined : championSchema.parse(JSON.parse(text));
  }

  /** The JSON comes last: whoever reads it finds the other two as new as it. */
  async put(model: string, champion: Champion): Promise<void> {
    await this.write(this.names.championUrlParameter(model), champion.modelDataUrl);
    await this.write(this.names.championVersionParameter(model), champion.version);
    await this.write(this.names.championParameter(model), JSON.stringify(champion));
  }

  async isFrozen(model: string): Promise<boolean> {
    return (await this.read(this.names.freezeParameter(model))) === 'on';
  }

  /** Removes the pointers of a model that is taken down. */
  async remove(model: string): Promise<void> {
    const { championParameter, championUrlParameter, championVersionParameter } = this.names;
    const Names = [championParameter(model), championUrlParameter(model), championVersionParameter(model)];
    await this.client.send(new DeleteParametersCommand({ Names }));
  }

  private async read(name: string): Promise<string | undefined> {
    try {
      return (await this.client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }

  private async write(name: string, value: string): Promise<void> {
    await this.client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }));
  }
}
