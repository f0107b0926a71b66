import { Failure } from './failure';
import type { Token } from './tokens';

const UNAUTHORIZED = 401;
const TOO_MANY = 429;
const ATTEMPTS = 20;

/** Calls the platform's API as a consumer: what a product team's client does. */
export class ApiClient {
  constructor(
    private readonly apiUrl: string,
    /** A token; a new one when `renew`. */
    private readonly token: (renew: boolean) => Promise<Token>,
  ) {}

  /** Sends a request; waits when the plan is used up; throws Failure with the API's own words otherwise. */
  async send(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    let renew = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { access_token } = await this.token(renew);
      const response = await fetch(`${this.apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${access_token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      if (response.status === UNAUTHORIZED && !renew) {
        // The clock may have jumped past the end of the token.
        renew = true;
        continue;
      }
      if (response.status !== TOO_MANY) throw new Failure(`${method} ${path} answered ${response.status}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? 1) * 1000));
    }
    throw new Failure(`${method} ${path}: the plan of the consumer stayed used up`);
  }
}
