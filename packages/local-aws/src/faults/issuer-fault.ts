import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpRoute } from '../cloud';
import type { Faults } from './faults';

/** Stands before the issuer's keys and answers instead of them while a fault says so. */
export class IssuerFault implements HttpRoute {
  private readonly answers = new WeakMap<IncomingMessage, 'unavailable' | 'hang'>();

  constructor(private readonly faults: Faults) {}

  matches(request: IncomingMessage): boolean {
    if (request.url?.endsWith('/.well-known/jwks.json') !== true) return false;
    const answer = this.faults.keysAnswer();
    if (answer !== undefined) this.answers.set(request, answer);
    return answer !== undefined;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.answers.get(request) === 'hang') return;
    response.writeHead(503, { 'content-type': 'application/json' });
    response.end('{"message":"Service Unavailable"}');
  }
}
