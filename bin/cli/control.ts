import * as z from 'zod';
import { Failure } from './failure';
import type { LocalServer } from './state-folder';

const statusSchema = z.object({
  account: z.string(),
  region: z.string(),
  clock: z.object({ now: z.string(), paused: z.boolean() }),
  rssBytes: z.number(),
});
export type ControlStatus = z.infer<typeof statusSchema>;

const instant = z.number().transform((ms) => new Date(ms).toISOString());

const denialSchema = z.object({
  caller: z.string(),
  action: z.string(),
  resource: z.string(),
  message: z.string(),
  where: z.string(),
  statement: z.record(z.string(), z.unknown()).optional(),
  count: z.number(),
  firstAt: instant,
  lastAt: instant,
});
/** A refused call; instants are of the simulated clock. */
export type Denial = z.infer<typeof denialSchema>;
const denialsSchema = z.object({ denied: z.array(denialSchema) });

const sessionSchema = z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() });

const faultsSchema = z.object({
  faults: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      service: z.string().optional(),
      operation: z.string().optional(),
      resource: z.string().optional(),
      error: z.string().optional(),
      latencyMs: z.number().optional(),
      seen: z.number(),
      hits: z.number(),
    }),
  ),
});
export type FaultRecord = z.infer<typeof faultsSchema>['faults'][number];

/** The control endpoint of a local AWS: its health, clock, refusals and faults, and credentials for whoever holds its token. */
export class Control {
  constructor(private readonly server: LocalServer) {}

  async status(): Promise<ControlStatus> {
    return statusSchema.parse(await this.send('status'));
  }

  /** Moves the clock forward; resolves when everything that was due has run. */
  async advance(advanceMs: number): Promise<ControlStatus> {
    return statusSchema.parse(await this.send('clock', { advanceMs }));
  }

  async pause(paused: boolean): Promise<ControlStatus> {
    return statusSchema.parse(await this.send('clock', { paused }));
  }

  /** The calls that were refused, oldest first. */
  async denied(): Promise<readonly Denial[]> {
    return denialsSchema.parse(await this.send('denied')).denied;
  }

  async clearDenied(): Promise<readonly Denial[]> {
    return denialsSchema.parse(await this.send('denied', undefined, 'DELETE')).denied;
  }

  /** Temporary credentials of a role (name or ARN), or of the administrator. Throws Failure if there is no such role. */
  async session(role?: string): Promise<z.infer<typeof sessionSchema>> {
    return sessionSchema.parse(await this.send('session', role === undefined ? {} : { role }));
  }

  async faults(): Promise<readonly FaultRecord[]> {
    return faultsSchema.parse(await this.send('faults')).faults;
  }

  /** Throws Failure that tells every problem of the fault. */
  async addFault(fault: object): Promise<readonly FaultRecord[]> {
    return faultsSchema.parse(await this.send('faults', fault)).faults;
  }

  async clearFaults(id?: string): Promise<readonly FaultRecord[]> {
    return faultsSchema.parse(await this.send(id === undefined ? 'faults' : `faults/${id}`, undefined, 'DELETE')).faults;
  }

  private async send(path: string, body?: object, method = body === undefined ? 'GET' : 'POST'): Promise<unknown> {
    const response = await fetch(`${this.server.endpoint}/_local/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.server.controlToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 404) {
      const { message } = (await response.json()) as { message?: string };
      throw new Failure(
        message ?? 'not found',
        1,
        'List the roles: aws iam list-roles (npx slipway local env sets up the client).',
      );
    }
    if (response.status === 400) throw new Failure(((await response.json()) as { message: string }).message, 2);
    if (!response.ok) throw new Error(`the local AWS answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
