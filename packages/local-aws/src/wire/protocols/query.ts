import { XmlCodec } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { parseQuery } from '../request';
import type { WireProtocol } from './protocol';

type Form = ReadonlyMap<string, string>;

function memberName(schema: NormalizedSchema, fallback: string): string {
  return String((schema.getMergedTraits() as { xmlName?: string }).xmlName ?? fallback);
}

function isFlat(schema: NormalizedSchema): boolean {
  return (schema.getMergedTraits() as { xmlFlattened?: number }).xmlFlattened !== undefined;
}

function hasPrefix(form: Form, prefix: string): boolean {
  if (form.has(prefix)) return true;
  for (const key of form.keys()) if (key.startsWith(`${prefix}.`)) return true;
  return false;
}

function readScalar(schema: NormalizedSchema, text: string): unknown {
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isTimestampSchema()) return new Date(text);
  if (schema.isBlobSchema()) return Buffer.from(text, 'base64');
  return text;
}

function readList(schema: NormalizedSchema, form: Form, prefix: string): unknown[] {
  const base = isFlat(schema) ? prefix : `${prefix}.${memberName(schema.getValueSchema(), 'member')}`;
  const items: unknown[] = [];
  for (let index = 1; hasPrefix(form, `${base}.${index}`); index += 1)
    items.push(read(schema.getValueSchema(), form, `${base}.${index}`));
  return items;
}

function readMap(schema: NormalizedSchema, form: Form, prefix: string): Record<string, unknown> {
  const base = isFlat(schema) ? prefix : `${prefix}.entry`;
  const keyName = memberName(schema.getKeySchema(), 'key');
  const valueName = memberName(schema.getValueSchema(), 'value');
  const map: Record<string, unknown> = {};
  for (let index = 1; form.has(`${base}.${index}.${keyName}`); index += 1) {
    map[form.get(`${base}.${index}.${keyName}`) ?? ''] = read(schema.getValueSchema(), form, `${base}.${index}.${valueName}`);
  }
  return map;
}

/** Reads a value of `schema` from query-protocol form fields (`List.member.1`, `Map.entry.1.key`). */
function read(schema: NormalizedSchema, form: Form, prefix: string): unknown {
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const key = prefix === '' ? memberName(member, name) : `${prefix}.${memberName(member, name)}`;
      if (hasPrefix(form, key)) value[name] = read(member, form, key);
    }
    return value;
  }
  if (schema.isListSchema()) return form.get(prefix) === '' ? [] : readList(schema, form, prefix);
  if (schema.isMapSchema()) return readMap(schema, form, prefix);
  return readScalar(schema, form.get(prefix) ?? '');
}

export function queryForm(body: Buffer): Map<string, string> {
  return new Map(parseQuery(body.toString('utf8')));
}

export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? character,
  );
}

function resultXml(schema: NormalizedSchema, output: object, xmlNamespace: string): string {
  const codec = new XmlCodec({ timestampFormat: { useTrait: true, default: 5 }, xmlNamespace, serviceNamespace: '' });
  codec.setSerdeContext({ base64Encoder: (data: Uint8Array) => Buffer.from(data).toString('base64') } as never);
  const serializer = codec.createSerializer();
  serializer.write(schema as never, output);
  const xml = String(serializer.flush()).replace(/^<\?xml[^>]*\?>/, '');
  return xml
    .replace(/^<[^>]*\/>$/, '')
    .replace(/^<[^>]+>/, '')
    .replace(/<\/[^>]+>$/, '');
}

export const awsQuery: WireProtocol = {
  parse(request, operation) {
    if (!operation.input.isStructSchema()) return {};
    const form = request.method === 'GET' ? new Map(request.query) : queryForm(request.body);
    return read(operation.input, form, '') as Record<string, unknown>;
  },

  serialize(output, operation, model, requestId) {
    const { name } = operation;
    const inner = operation.output.isStructSchema() ? resultXml(operation.output, output, model.xmlNamespace) : '';
    const result = operation.output.isStructSchema() ? `<${name}Result>${inner}</${name}Result>` : '';
    const body = `<${name}Response xmlns="${model.xmlNamespace}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`;
    return { status: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
  },

  serializeError(error, status, model, requestId) {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const detail = `<Type>${type}</Type><Code>${escapeXml(model.errors.get(error.code)?.queryCode ?? error.code)}</Code><Message>${escapeXml(error.message)}</Message>`;
    const body = `<ErrorResponse xmlns="${model.xmlNamespace}"><Error>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
  },
};
