import type { IncomingMessage } from 'node:http';

/** A request as a web ACL looks at it. */
export interface InspectedRequest {
  readonly message: IncomingMessage;
  readonly sourceIp: string;
  readonly path: string;
  readonly rawQuery: string;
  /** Announced length of the body in bytes; 0 without a body. */
  readonly bodyLength: number;
}

export type Inspection = (resourceArn: string, request: InspectedRequest) => 'allow' | 'block' | undefined;

const known = new WeakMap<object, Inspection>();

/** Registers the web ACLs of one cloud; the services that they protect ask them in process, on each request. */
export function registerInspection(cloud: object, inspection: Inspection): void {
  known.set(cloud, inspection);
}

/** What the web ACL of a resource says of a request; undefined if no web ACL is associated. */
export function inspect(cloud: object, resourceArn: string, request: InspectedRequest): 'allow' | 'block' | undefined {
  return known.get(cloud)?.(resourceArn, request);
}
