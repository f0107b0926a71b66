import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource, SpecDatabase, StringType } from '@aws-cdk/service-spec-types';
import type { ResourceType } from '../../cloud';
import type { Json } from './template';

let database: SpecDatabase | undefined;

function spec(): SpecDatabase {
  database ??= loadAwsServiceSpecSync();
  return database;
}

/** AWS's resource schema of a type; undefined if AWS has no such type. */
export function resourceSchema(type: string): Resource | undefined {
  return [...spec().lookup('resource', 'cloudFormationType', 'equals', type)][0];
}

/** Top-level properties whose change replaces the resource ("maybe" ones are for the handler to decide; they count as in place). */
export function createOnlyProperties(type: string): ReadonlySet<string> {
  const properties = resourceSchema(type)?.properties ?? {};
  return new Set(Object.entries(properties).flatMap(([name, property]) => (property.causesReplacement === 'yes' ? [name] : [])));
}

/** Properties by which a person names a resource of a type: its identifier, or else its name where the identifier is AWS's own. */
export function identifierProperties(type: string): readonly string[] {
  const schema = resourceSchema(type);
  if (schema === undefined) return [];
  const identifier = schema.primaryIdentifier ?? [];
  if (identifier.every((name) => schema.properties[name] !== undefined)) return identifier;
  const createOnly = createOnlyProperties(type);
  return ['Name', `${schema.name}Name`].filter((name) => createOnly.has(name));
}

/** Whether resources of a type carry tags. */
export function isTaggable(type: string): boolean {
  return resourceSchema(type)?.tagInformation !== undefined;
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return 'JSONArray';
  if (value === null) return 'Null';
  return (
    { string: 'String', number: 'Number', boolean: 'Boolean', object: 'JSONObject' }[typeof value as 'string'] ?? typeof value
  );
}

function mismatch(expected: string, value: Json, path: string): string[] {
  return [`${path}: expected type: ${expected}, found: ${typeName(value)}`];
}

function disallowed(type: StringType, value: string, path: string): string[] {
  const { allowedValues } = type;
  if (allowedValues === undefined || allowedValues.includes(value)) return [];
  return [`${path}: failed validation constraint for keyword [enum]`];
}

function checkStructure(reference: string, value: Json, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch('JSONObject', value, path);
  const definition = spec().get('typeDefinition', reference);
  return checkProperties(definition.properties, value as Record<string, Json>, path);
}

/** A tag, which the schemas leave out as too well known. */
function checkTag(value: Json, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return mismatch('JSONObject', value, path);
  const text: Property = { type: { type: 'string' }, required: true };
  return checkProperties({ Key: text, Value: text }, value as Record<string, Json>, path);
}

function checkType(type: PropertyType, value: Json, path: string): string[] {
  switch (type.type) {
    case 'date-time':
      return typeof value === 'object' ? mismatch('String', value, path) : [];
    case 'string':
      return typeof value === 'object' ? mismatch('String', value, path) : disallowed(type, String(value), path);
    case 'integer':
    case 'number':
      return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
        ? []
        : mismatch(type.type === 'integer' ? 'Integer' : 'Number', value, path);
    case 'boolean':
      return typeof value === 'boolean' || value === 'true' || value === 'false' ? [] : mismatch('Boolean', value, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => checkType(type.element, item, `${path}/${index}`))
        : mismatch('JSONArray', value, path);
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, item]) => checkType(type.element, item, `${path}/${key}`))
        : mismatch('JSONObject', value, path);
    case 'tag':
      return checkTag(value, path);
    case 'ref':
      return checkStructure(type.reference.$ref, value, path);
    case 'union': {
      const outcomes = type.types.map((option) => checkType(option, value, path));
      return outcomes.some((problems) => problems.length === 0) ? [] : (outcomes[0] ?? []);
    }
    default:
      return [];
  }
}

function checkProperties(
  properties: Readonly<Record<string, Property>>,
  given: Readonly<Record<string, Json>>,
  path: string,
): string[] {
  const unknown = Object.keys(given).filter((name) => properties[name] === undefined);
  const missing = Object.entries(properties).filter(
    ([name, property]) => property.required === true && given[name] === undefined,
  );
  return [
    ...unknown.map((name) => `${path === '' ? '#' : path}: extraneous key [${name}] is not permitted`),
    ...missing.map(([name]) => `${path === '' ? '#' : path}: required key [${name}] not found`),
    ...Object.entries(given).flatMap(([name, value]) => {
      const property = properties[name];
      return property === undefined ? [] : checkType(property.type, value, `${path === '' ? '#' : path}/${name}`);
    }),
  ];
}

/** All that is wrong with a resource's properties: by AWS's schema, and by what the local handler enforces or openly stores. */
export function propertyProblems(handler: ResourceType, given: Readonly<Record<string, Json>>): string[] {
  const schema = resourceSchema(handler.type);
  const problems = schema === undefined ? [] : checkProperties(schema.properties, given, '');
  const supported = new Set([...handler.enforced, ...Object.keys(handler.stored)]);
  const unsupported =
    schema === undefined
      ? []
      : Object.keys(given).filter((name) => schema.properties[name] !== undefined && !supported.has(name));
  return [
    ...problems,
    ...unsupported.map((name) => `#/${name}: the local AWS neither enforces nor stores this property of ${handler.type}`),
  ];
}
