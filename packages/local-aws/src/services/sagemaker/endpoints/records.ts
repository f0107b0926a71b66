import type * as Sdk from '@aws-sdk/client-sagemaker';
import type { Cloud } from '../../../cloud';
import { validationError } from '../../../errors';
import { arnOf } from '../names';

export interface ModelRecord {
  readonly name: string;
  readonly arn: string;
  readonly request: Omit<Sdk.CreateModelCommandInput, 'Tags'>;
  readonly created: number;
}

export interface ConfigRecord {
  readonly name: string;
  readonly arn: string;
  readonly request: Omit<Sdk.CreateEndpointConfigCommandInput, 'Tags'>;
  readonly created: number;
}

/** What a variant of a fleet runs: taken from its model when the fleet was launched, so the model may be deleted afterwards. */
export interface Container {
  readonly image: string;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly startupTimeoutMs: number;
}

export interface Variant {
  readonly name: string;
  readonly instanceType: string;
  readonly container: Container;
  readonly currentWeight: number;
  readonly desiredWeight: number;
  readonly currentCount: number;
  readonly desiredCount: number;
}

/** The instances that serve one endpoint configuration. */
export interface Fleet {
  readonly id: string;
  readonly configName: string;
  readonly variants: readonly Variant[];
}

export type VariantStatus = 'Creating' | 'Updating' | 'Deleting' | 'ActivatingTraffic' | 'Baking';

/** A blue/green update under way; every instant at which it acts is stored, so that it goes on after a restart. */
export interface Deployment {
  readonly green: Fleet;
  readonly config: Sdk.DeploymentConfig | undefined;
  readonly started: number;
  /** `launching` until the green fleet answers, then `baking` in the step at `step`. */
  readonly phase: 'launching' | 'baking';
  readonly step: number;
  readonly stepStarted: number;
  readonly stages: readonly { readonly status: VariantStatus; readonly message: string; readonly since: number }[];
}

export interface EndpointRecord {
  readonly name: string;
  readonly arn: string;
  readonly status: Sdk.EndpointStatus;
  readonly created: number;
  readonly modified: number;
  readonly blue: Fleet;
  readonly failureReason?: string;
  readonly deployment?: Deployment;
  readonly lastDeploymentConfig?: Sdk.DeploymentConfig;
}

/** Models, endpoint configurations and endpoints. Endpoints are also held in memory, for the way of an invocation. */
export class EndpointStore {
  readonly models;
  readonly configs;
  private readonly table;
  private readonly endpoints = new Map<string, EndpointRecord>();

  constructor(private readonly cloud: Cloud) {
    this.models = cloud.storage.table<ModelRecord>('sagemaker/models');
    this.configs = cloud.storage.table<ConfigRecord>('sagemaker/endpoint-configs');
    this.table = cloud.storage.table<EndpointRecord>('sagemaker/endpoints');
    for (const { value } of this.table.entries()) this.endpoints.set(value.name, value);
  }

  /** ARNs carry names in lower case. */
  arn(kind: 'model' | 'endpoint-config' | 'endpoint', name: string): string {
    return arnOf(this.cloud, `${kind}/${name.toLowerCase()}`);
  }

  model(name: string | undefined): ModelRecord {
    const found = this.models.get(name ?? '');
    if (found === undefined) throw validationError(`Could not find model "${this.arn('model', name ?? '')}".`);
    return found;
  }

  config(name: string | undefined): ConfigRecord {
    const found = this.configs.get(name ?? '');
    if (found === undefined)
      throw validationError(`Could not find endpoint configuration "${this.arn('endpoint-config', name ?? '')}".`);
    return found;
  }

  endpoint(name: string | undefined): EndpointRecord {
    const found = this.find(name ?? '');
    if (found === undefined) throw validationError(`Could not find endpoint "${this.arn('endpoint', name ?? '')}".`);
    return found;
  }

  find(name: string): EndpointRecord | undefined {
    return this.endpoints.get(name);
  }

  all(): readonly EndpointRecord[] {
    return [...this.endpoints.values()];
  }

  async save(record: EndpointRecord): Promise<EndpointRecord> {
    const next = { ...record, modified: this.cloud.clock.now() };
    this.endpoints.set(next.name, next);
    await this.table.put(next.name, next);
    return next;
  }

  async remove(name: string): Promise<void> {
    this.endpoints.delete(name);
    await this.table.remove(name);
  }
}
