import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { Caller, Service } from '../cloud';
import { AwsError } from '../errors';
import type { Identities } from '../iam/identities';
import { type Authorization, clockOf, readAuthorization, signingKey, verifySignature } from '../iam/signature';
import { diskFailureOf } from '../storage/disk-failure';
import { inProtocol } from './authentication-codes';
import { verifyChunks } from './chunk-signatures';
import { decodeAwsChunked } from './chunked';
import { checkConstraints } from './constraints/check';
import type { WireProtocol } from './protocols/protocol';
import { receive, type WireRequest, type WireResponse } from './request';
import { answering, findRoute, type Route } from './routing';
import { s3Address } from './s3-address';
import type { SdkModel } from './sdk-model';
import { checkShape } from './shape-check';

export interface ChainOptions {
  readonly services: readonly Service[];
  readonly identities: Identities;
  /** Runs an operation for a caller: authorization, faults, the operation, the record. */
  invoke(service: string, operation: string, input: object, caller: Caller, requestId: string): Promise<unknown>;
  log(message: string): void;
}

/** Signing name of a request that carries no signature, as far as its headers tell, so that it can be refused in its own protocol. */
function unsignedServices(request: WireRequest, services: readonly Service[]): readonly Service[] {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return services;
  return services.filter((service) => service.name === 's3');
}

function statusOf(error: AwsError, model: SdkModel): number {
  return error.status ?? model.errors.get(error.code)?.status ?? 400;
}

function asAwsError(error: unknown, log: (message: string) => void): AwsError {
  if (error instanceof AwsError) return error;
  const failure = diskFailureOf(error);
  if (failure !== undefined) return failure;
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new AwsError('InternalFailure', 'The local AWS failed on this request; its log has the cause.', { status: 500 });
}

function send(response: ServerResponse, answer: WireResponse): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  // A HEAD answer announces the length of the object, which its operation has set.
  if (answer.headers['content-length'] === undefined && answer.status !== 204)
    answer.headers['content-length'] = String(body.length);
  response.writeHead(answer.status, answer.headers);
  response.end(body);
}

const MAX_UNZIPPED = 64 * 1024 * 1024;

/** Clients send large bodies compressed (PutMetricData beyond 10 KB); the signature is over the compressed form. */
function unzipped(request: WireRequest): WireRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request;
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MAX_UNZIPPED }) };
  } catch {
    throw new AwsError('SerializationException', 'the body is not valid gzip');
  }
}

/** Old clients, the AWS CLI v1 among them, sign URLs with version 2, which S3 takes for no bucket that was made since June 2020. */
function unsigned(request: WireRequest): AwsError {
  if (request.query.some(([name]) => name === 'AWSAccessKeyId'))
    return new AwsError(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  return new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', { status: 403 });
}

const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';

/** A signature of the request does not cover a body in signed chunks: they cover themselves. */
function verifyBody(request: WireRequest, authorization: Authorization, secret: string): void {
  const kind = request.headers['x-amz-content-sha256'] ?? '';
  if (!kind.startsWith(SIGNED_CHUNKS)) return;
  const { date, region, service, timestamp, signature } = authorization;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const trailer = kind.endsWith('-TRAILER');
  verifyChunks(request.body, { key: signingKey(secret, authorization), timestamp, scope, seed: signature, trailer });
}

/** S3 requests carry their bucket in the path or host, and may carry their body in signed chunks. */
function normalizeS3(request: WireRequest): { request: WireRequest; bucket: string | undefined } {
  const { bucket, path } = s3Address(request);
  const chunked =
    (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') ||
    (request.headers['content-encoding'] ?? '').includes('aws-chunked');
  if (!chunked) return { request: { ...request, path }, bucket };
  const declared = request.headers['x-amz-decoded-content-length'];
  const { payload, trailers } = decodeAwsChunked(request.body, declared === undefined ? undefined : Number(declared));
  return { request: { ...request, path, body: payload, headers: { ...request.headers, ...trailers } }, bucket };
}

/** The way of an AWS API request, in order: receive, find, verify, parse, invoke (authorize, faults, operation, record), serialize. */
export class Chain {
  private readonly bySigningName = new Map<string, Service[]>();

  constructor(private readonly options: ChainOptions) {
    for (const service of options.services) {
      for (const name of service.signingNames) this.bySigningName.set(name, [...(this.bySigningName.get(name) ?? []), service]);
    }
  }

  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let answer: WireResponse;
    let protocol: WireProtocol | undefined;
    let model: SdkModel | undefined;
    let date = Date.now();
    try {
      const received = await receive(message);
      const authorization = readAuthorization(received);
      const clocks = [Date.now(), this.options.identities.now()];
      if (authorization !== undefined) date = clockOf(authorization, clocks);
      const services = this.candidates(received, authorization);
      // Until the operation is known, a failure is told in the protocol of the service that was asked.
      if (services[0] !== undefined) ({ protocol, model } = answering(received, services[0]));
      const isS3 = services[0]?.name === 's3';
      const { request, bucket } = isS3 ? normalizeS3(received) : { request: received, bucket: undefined };
      const route = findRoute(request, services, isS3 ? bucket !== undefined : undefined);
      if (route === undefined)
        throw new AwsError('UnknownOperationException', 'No service here answers to this request.', { status: 404 });
      ({ protocol, model } = route);
      const caller = this.verify(received, authorization, clocks);
      if ('error' in route) throw route.error;
      answer = await this.run(route, request, bucket, caller, requestId);
    } catch (error) {
      answer = this.failure(error, protocol, model, requestId, message.method);
    }
    answer.headers.date ??= new Date(date).toUTCString();
    send(response, answer);
  }

  private candidates(request: WireRequest, authorization: Authorization | undefined): readonly Service[] {
    if (authorization === undefined) return unsignedServices(request, this.options.services);
    const services = this.bySigningName.get(authorization.service);
    if (services === undefined) {
      throw new AwsError('UnknownOperationException', `The local AWS has no service '${authorization.service}'.`, {
        status: 404,
      });
    }
    return services;
  }

  private verify(request: WireRequest, authorization: Authorization | undefined, clocks: readonly number[]): Caller {
    if (authorization === undefined) throw unsigned(request);
    const { secret, caller } = this.options.identities.find(authorization.accessKeyId, authorization.sessionToken);
    verifySignature(request, authorization, secret, clocks);
    verifyBody(request, authorization, secret);
    return caller;
  }

  private async run(
    route: Route,
    request: WireRequest,
    bucket: string | undefined,
    caller: Caller,
    requestId: string,
  ): Promise<WireResponse> {
    // An object in S3 may be stored as gzip: its encoding is its own.
    const plain = route.service.name === 's3' ? request : unzipped(request);
    const input = await route.protocol.parse(plain, route.operation, route.model);
    checkShape(route.operation.input, input);
    if (bucket !== undefined) input.Bucket = bucket;
    checkConstraints(route.service.name, route.operation.name, input);
    const output = await this.options.invoke(route.service.name, route.operation.name, input, caller, requestId);
    return route.protocol.serialize((output ?? {}) as Record<string, unknown>, route.operation, route.model, requestId);
  }

  private failure(
    error: unknown,
    protocol: WireProtocol | undefined,
    model: SdkModel | undefined,
    requestId: string,
    method: string | undefined,
  ): WireResponse {
    const known = asAwsError(error, this.options.log);
    if (protocol === undefined || model === undefined) {
      const body = JSON.stringify({ __type: known.code, message: known.message });
      return {
        status: known.status ?? 400,
        headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
        body,
      };
    }
    const told = inProtocol(known, model.protocol);
    const answer = protocol.serializeError(told, statusOf(told, model), model, requestId);
    return method === 'HEAD' ? { ...answer, headers: { ...answer.headers, 'content-length': '0' }, body: '' } : answer;
  }
}
