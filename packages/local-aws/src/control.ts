import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock/clock';
import type { HttpRoute } from './cloud';
import type { Authorizer } from './iam/authorizer';
import type { Identities } from './iam/identities';

const SESSION_MS = 3600 * 1000;

import { AwsError } from './errors';
import type { FaultInput } from './faults/fault';
import type { Faults } from './faults/faults';

interface Controlled {
  readonly clock: Clock;
  readonly controlToken: string;
  readonly account: string;
  readonly region: string;
  readonly authorizer: Authorizer;
  readonly identities: Pick<Identities, 'assume' | 'administratorSession'>;
  readonly faults: Faults;
}

interface ClockCommand {
  readonly advanceMs?: number;
  readonly paused?: boolean;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text === '' ? '{}' : text);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** `/_local/...`: the clock, the faults and the health of this server, for whoever holds the token in its state folder. Not an AWS API. */
export class Control implements HttpRoute {
  constructor(private readonly cloud: Controlled) {}

  matches(request: IncomingMessage): boolean {
    return request.url?.startsWith('/_local/') === true;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.cloud.controlToken}`)
      return answer(response, 403, { message: 'the control endpoint needs the token of this server' });
    if (request.url === '/_local/status') return answer(response, 200, this.status());
    if (request.url === '/_local/clock' && request.method === 'POST') return this.changeClock(request, response);
    if (request.url === '/_local/denied' && request.method === 'GET')
      return answer(response, 200, { denied: this.cloud.authorizer.denials.list() });
    if (request.url === '/_local/denied' && request.method === 'DELETE') {
      await this.cloud.authorizer.denials.clear();
      return answer(response, 200, { denied: [] });
    }
    if (request.url === '/_local/statement-use') return answer(response, 200, this.cloud.authorizer.use.report());
    if (request.url === '/_local/session' && request.method === 'POST') return this.openSession(request, response);
    if (request.url === '/_local/faults' || request.url?.startsWith('/_local/faults/') === true)
      return this.changeFaults(request, response, request.url.slice('/_local/faults/'.length));
    answer(response, 404, { message: `no control endpoint ${request.url}` });
  }

  private status(): object {
    const { simulated, paused } = this.cloud.clock.snapshot();
    return {
      account: this.cloud.account,
      region: this.cloud.region,
      clock: { now: new Date(simulated).toISOString(), paused },
      rssBytes: process.memoryUsage().rss,
    };
  }

  /**
   * Temporary credentials of the administrator, or of any role whatever its trust policy says: who holds the token of this server stands
   * above the account.
   */
  private async openSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { role } = ((await readJson(request).catch(() => undefined)) ?? {}) as { role?: unknown };
    if (role === undefined) return answer(response, 200, await this.cloud.identities.administratorSession(SESSION_MS));
    const arn = typeof role === 'string' ? this.cloud.authorizer.roleArn(role) : undefined;
    if (arn === undefined) return answer(response, 404, { message: `there is no role ${String(role)}` });
    answer(response, 200, await this.cloud.identities.assume(arn, 'local', SESSION_MS));
  }

  private async changeFaults(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const { faults } = this.cloud;
    try {
      if (request.method === 'DELETE') return answer(response, 200, { faults: await faults.clear(id === '' ? undefined : id) });
      if (request.method !== 'POST') return answer(response, 200, { faults: faults.list() });
      const input = (await readJson(request).catch(() => undefined)) as FaultInput | undefined;
      if (typeof input !== 'object' || input === null) return answer(response, 400, { message: 'the body is no JSON object' });
      answer(response, 200, { faults: [await faults.add(input)] });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer(response, 400, { message: error.message });
    }
  }

  private async changeClock(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const command = (await readJson(request).catch(() => undefined)) as ClockCommand | undefined;
    if (typeof command !== 'object' || command === null) return answer(response, 400, { message: 'the body is no JSON object' });
    if (command.paused === true) this.cloud.clock.pause();
    if (command.advanceMs !== undefined) {
      if (!Number.isFinite(command.advanceMs) || command.advanceMs < 0)
        return answer(response, 400, { message: `the clock only moves forward; given ${command.advanceMs} ms` });
      await this.cloud.clock.advance(command.advanceMs);
    }
    if (command.paused === false) this.cloud.clock.resume();
    answer(response, 200, this.status());
  }
}
