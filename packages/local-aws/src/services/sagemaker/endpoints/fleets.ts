import { join } from 'node:path';
import type { Cloud } from '../../../cloud';
import { deploymentSteps } from './deployment-plan';
import { ModelServer } from './model-server';
import type { EndpointRecord, Fleet, Variant } from './records';
import { Traffic } from './traffic';

/** Who answers an invocation. */
export interface Target {
  readonly configName: string;
  readonly variant: Variant;
  readonly server: ModelServer;
}

interface Routing {
  readonly record: EndpointRecord;
  /** By the variant that a caller wants, '' for none. */
  readonly traffic: Map<string, Traffic>;
  readonly shares: readonly { readonly key: string; readonly share: number }[];
  readonly targets: ReadonlyMap<string, Target>;
}

export function instancesOf(fleet: Fleet): number {
  return fleet.variants.reduce((sum, { desiredCount }) => sum + desiredCount, 0);
}

/** The green fleet's share of the traffic. */
export function greenShare({ deployment }: EndpointRecord): number {
  if (deployment === undefined || deployment.phase === 'launching') return 0;
  return deploymentSteps(deployment.config, instancesOf(deployment.green))[deployment.step]?.share ?? 0;
}

/** The model servers of all fleets, and who of an endpoint's fleets answers the next request. */
export class Fleets {
  private readonly servers = new Map<string, ModelServer>();
  private readonly routings = new Map<string, Routing>();

  constructor(private readonly cloud: Cloud) {}

  /** Starts the servers of a fleet; resolves when all pass their health checks. Throws `LaunchFailure`. */
  async launch(endpoint: string, fleet: Fleet): Promise<void> {
    const outcomes = await Promise.allSettled(fleet.variants.map((variant) => this.server(endpoint, fleet, variant).ready()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async terminate(endpoint: string, fleet: Fleet): Promise<void> {
    await Promise.all(fleet.variants.map((variant) => this.server(endpoint, fleet, variant).stop(true)));
    for (const variant of fleet.variants) this.servers.delete(`${fleet.id}/${variant.name}`);
  }

  /** Ends all processes; their files stay for the next start. */
  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop(false)));
  }

  /** Whose turn it is; `wanted` names a variant, whose weight then does not count. */
  target(record: EndpointRecord, wanted = ''): Target | undefined {
    const { traffic, targets, shares } = this.routing(record);
    let turns = traffic.get(wanted);
    if (turns === undefined) {
      const weights = shares.flatMap(({ key, share }) => {
        const variant = targets.get(key)?.variant;
        if (variant === undefined || (wanted !== '' && variant.name !== wanted)) return [];
        return [{ key, weight: wanted === '' ? share * variant.currentWeight : share }];
      });
      turns = new Traffic(weights);
      if (weights.length > 0) traffic.set(wanted, turns);
    }
    return targets.get(turns.next() ?? '');
  }

  /** Ends one of an endpoint's servers that has requests under way; false if none has. */
  killBusy(endpoint: string): boolean {
    return [...(this.routings.get(endpoint)?.targets.values() ?? [])].some(({ server }) => server.killBusy());
  }

  forget(endpoint: string): void {
    this.routings.delete(endpoint);
  }

  private routing(record: EndpointRecord): Routing {
    const known = this.routings.get(record.name);
    if (known?.record === record) return known;
    const green = greenShare(record);
    const fleets: (readonly [Fleet, number])[] = [[record.blue, 1 - green]];
    if (record.deployment !== undefined) fleets.push([record.deployment.green, green]);
    const targets = new Map<string, Target>();
    const shares = fleets
      .filter(([, share]) => share > 0)
      .flatMap(([fleet, share]) =>
        fleet.variants.map((variant) => {
          const key = `${fleet.id}/${variant.name}`;
          targets.set(key, { configName: fleet.configName, variant, server: this.server(record.name, fleet, variant) });
          return { key, share };
        }),
      );
    const routing = { record, traffic: new Map(), shares, targets };
    this.routings.set(record.name, routing);
    return routing;
  }

  private server(endpoint: string, fleet: Fleet, { name, container }: Variant): ModelServer {
    const key = `${fleet.id}/${name}`;
    let server = this.servers.get(key);
    if (server === undefined) {
      const folder = join(this.cloud.stateDir, 'endpoints', endpoint, fleet.id, name);
      server = new ModelServer(this.cloud, { endpoint, variant: name, folder, container, instance: fleet.id });
      this.servers.set(key, server);
    }
    return server;
  }
}
