import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors';
import { decodeUri, type WireRequest } from '../request';
import type { OperationModel, SdkModel } from '../sdk-model';
import { codecOf, written } from './json';
import type { WireProtocol } from './protocol';
import { escapeXml } from './query';

interface Binding {
  readonly httpLabel?: number;
  readonly httpQuery?: string;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpQueryParams?: number;
  readonly httpPayload?: number;
  readonly httpResponseCode?: number;
}

function bindingOf(member: NormalizedSchema): Binding {
  return member.getMergedTraits() as Binding;
}

function isBound(binding: Binding): boolean {
  return (
    binding.httpLabel !== undefined ||
    binding.httpQuery !== undefined ||
    binding.httpHeader !== undefined ||
    binding.httpPrefixHeaders !== undefined ||
    binding.httpQueryParams !== undefined ||
    binding.httpPayload !== undefined ||
    binding.httpResponseCode !== undefined
  );
}

function fromText(schema: NormalizedSchema, text: string): unknown {
  if (schema.isListSchema()) return text.split(',').map((part) => fromText(schema.getValueSchema(), part.trim()));
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isTimestampSchema()) return new Date(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
  return text;
}

function toText(value: unknown): string {
  if (value instanceof Date) return value.toUTCString();
  if (Array.isArray(value)) return value.map(toText).join(',');
  return String(value);
}

/** Path pattern of an operation (`/a/{X}/b`, `/{Key+}`) as a regular expression with one group per label. */
export function uriPattern(uri: string): { pattern: RegExp; labels: string[] } {
  const labels: string[] = [];
  const source = (uri.split('?')[0] ?? '')
    .replace(/[.*+?^$()|[\]\\]/g, (c) => (c === '+' ? c : `\\${c}`))
    .replace(/\{([^}]+)\}/g, (_, label: string) => {
      const greedy = label.endsWith('+');
      labels.push(greedy ? label.slice(0, -1) : label);
      return greedy ? '(.+)' : '([^/]+)';
    });
  return { pattern: new RegExp(`^${source.replace(/\/$/, '')}/?$`), labels };
}

function readBindings(
  request: WireRequest,
  operation: OperationModel,
  labels: ReadonlyMap<string, string>,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, member] of operation.input.structIterator()) {
    const binding = bindingOf(member);
    const label = binding.httpLabel === undefined ? undefined : labels.get(name);
    const header = binding.httpHeader === undefined ? undefined : request.headers[binding.httpHeader.toLowerCase()];
    if (label !== undefined) input[name] = fromText(member, label);
    else if (header !== undefined) input[name] = fromText(member, header);
    else if (binding.httpQuery !== undefined) readQuery(request, binding.httpQuery, name, member, input);
    else if (binding.httpPrefixHeaders !== undefined) input[name] = prefixedHeaders(request, binding.httpPrefixHeaders);
  }
  return input;
}

function readQuery(
  request: WireRequest,
  query: string,
  name: string,
  member: NormalizedSchema,
  input: Record<string, unknown>,
): void {
  const values = request.query.filter(([key]) => key === query).map(([, value]) => value);
  if (values.length === 0) return;
  input[name] = member.isListSchema()
    ? values.map((value) => fromText(member.getValueSchema(), value))
    : fromText(member, values[0] ?? '');
}

function prefixedHeaders(request: WireRequest, prefix: string): Record<string, string> {
  const start = prefix.toLowerCase();
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => name.startsWith(start))
      .map(([name, value]) => [name.slice(start.length), value]),
  );
}

/** The body read by `schema`. Throws what S3 and the JSON services answer to a body that is not of their form. */
async function readText(request: WireRequest, schema: NormalizedSchema, model: SdkModel): Promise<object> {
  try {
    const value = await codecOf(model).createDeserializer().read(schema, request.body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Falls through to AWS's error below.
  }
  throw model.protocol === 'rest-xml'
    ? new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema')
    : new AwsError('SerializationException', 'the body is not valid JSON');
}

async function readBody(
  request: WireRequest,
  operation: OperationModel,
  model: SdkModel,
  input: Record<string, unknown>,
): Promise<void> {
  for (const [name, member] of operation.input.structIterator()) {
    if (bindingOf(member).httpPayload === undefined) continue;
    if (member.isBlobSchema() || member.isStreaming()) input[name] = request.body;
    else if (member.isStringSchema()) input[name] = request.body.toString('utf8');
    else if (request.body.length > 0) input[name] = await readText(request, member, model);
    return;
  }
  if (request.body.length === 0) return;
  const read = await readText(request, operation.input, model);
  for (const [name, value] of Object.entries(read)) if (input[name] === undefined) input[name] = value;
}

function writeBindings(
  output: Record<string, unknown>,
  operation: OperationModel,
  headers: Record<string, string>,
): { status?: number; body: Record<string, unknown> } {
  const body: Record<string, unknown> = {};
  let status: number | undefined;
  for (const [name, member] of operation.output.structIterator()) {
    const value = output[name];
    const binding = bindingOf(member);
    if (value === undefined || value === null || binding.httpPayload !== undefined) continue;
    if (binding.httpResponseCode !== undefined) status = Number(value);
    else if (binding.httpHeader !== undefined) headers[binding.httpHeader.toLowerCase()] = toText(value);
    else if (binding.httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value as Record<string, string>))
        headers[`${binding.httpPrefixHeaders}${key}`] = text;
    } else body[name] = value;
  }
  return status === undefined ? { body } : { status, body };
}

function payloadOf(output: Record<string, unknown>, operation: OperationModel, model: SdkModel): Buffer | undefined {
  for (const [name, member] of operation.output.structIterator()) {
    if (bindingOf(member).httpPayload === undefined) continue;
    const value = output[name];
    if (value === undefined || value === null) return Buffer.alloc(0);
    if (Buffer.isBuffer(value)) return value;
    if (value instanceof Uint8Array || typeof value === 'string') return Buffer.from(value as Uint8Array);
    const serializer = codecOf(model).createSerializer();
    serializer.write(member, value);
    return written(serializer.flush());
  }
  return undefined;
}

async function parse(request: WireRequest, operation: OperationModel, model: SdkModel): Promise<Record<string, unknown>> {
  if (!operation.input.isStructSchema()) return {};
  const { pattern, labels } = uriPattern(operation.http?.uri ?? '/');
  const match = pattern.exec(request.path) ?? [];
  const values = new Map(labels.map((label, index) => [label, decodeUri(match[index + 1] ?? '')]));
  const input = readBindings(request, operation, values);
  await readBody(request, operation, model, input);
  return input;
}

/** S3 answers this one operation without the element of its output around it. */
const UNWRAPPED: ReadonlySet<string> = new Set(['GetBucketLocation']);

function unwrapped(xml: Buffer, namespace: string): Buffer {
  const inner = /^(<\?xml[^>]*\?>)?<[^>]+>\s*<(\w+)>(.*)<\/\w+>$/s.exec(xml.toString('utf8'));
  return Buffer.from(inner === null ? xml : `${inner[1] ?? ''}<${inner[2]} xmlns="${namespace}">${inner[3]}`);
}

function restProtocol(
  contentType: string,
  requestIdHeader: string,
  writeError: (error: AwsError, status: number, requestId: string) => { headers: Record<string, string>; body: string },
): WireProtocol {
  return {
    parse,
    serialize(output, operation, model, requestId) {
      const headers: Record<string, string> = { [requestIdHeader]: requestId };
      const status = operation.http?.status ?? 200;
      if (!operation.output.isStructSchema()) return { status, headers, body: '' };
      const bound = writeBindings(output, operation, headers);
      const payload = payloadOf(output, operation, model);
      if (payload !== undefined) return { status: bound.status ?? status, headers, body: payload };
      const hasBody = [...operation.output.structIterator()].some(([, member]) => !isBound(bindingOf(member)));
      if (!hasBody || status === 204) return { status: bound.status ?? status, headers, body: '' };
      const serializer = codecOf(model).createSerializer();
      serializer.write(operation.output, bound.body);
      headers['content-type'] ??= contentType;
      const body = written(serializer.flush());
      const told = UNWRAPPED.has(operation.name) ? unwrapped(body, model.xmlNamespace) : body;
      return { status: bound.status ?? status, headers, body: told };
    },
    serializeError(error, status, _model, requestId) {
      const written = writeError(error, status, requestId);
      return {
        status,
        headers: { 'content-type': contentType, [requestIdHeader]: requestId, ...written.headers },
        body: written.body,
      };
    },
  };
}

export const restJson = restProtocol('application/json', 'x-amzn-requestid', (error) => ({
  headers: { 'x-amzn-errortype': error.code },
  body: JSON.stringify({ message: error.message, Message: error.message, ...error.members }),
}));

export const restXml = restProtocol('application/xml', 'x-amz-request-id', (error, _status, requestId) => {
  const members = Object.entries(error.members).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  const detail = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${members.join('')}`;
  return {
    headers: {},
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${detail}<RequestId>${requestId}</RequestId><HostId>local</HostId></Error>`,
  };
});
