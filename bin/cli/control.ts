import * as z from 'zod';
import type { LocalServer } from './state-folder';

const statusSchema = z.object({
  account: z.string(),
  region: z.string(),
  clock: z.object({ now: z.string(), paused: z.boolean() }),
  rssBytes: z.number(),
});
export type ControlStatus = z.infer<typeof statusSchema>;

/** The control endpoint of a local AWS: its health and its clock. */
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

  private async send(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.server.endpoint}/_local/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${this.server.controlToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the local AWS answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
