import { isNode, isScalar, parseDocument, type Tags, visit, YAMLMap } from 'yaml';

/** Functions that a template in YAML may write as a tag: `!Sub x` is `Fn::Sub: x`. Source: "Intrinsic function reference". */
const SHORT_FORMS = [
  ...[
    'And',
    'Base64',
    'Cidr',
    'Contains',
    'EachMemberIn',
    'Equals',
    'FindInMap',
    'GetAtt',
    'GetAZs',
    'If',
    'ImportValue',
    'Join',
  ],
  ...['Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];
const LONG: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...SHORT_FORMS.map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** `!GetAtt Resource.Some.Attribute` names the attribute after the first dot. */
function argumentOf(name: string, value: unknown): unknown {
  if (name !== 'Fn::GetAtt' || !isScalar(value)) return value;
  const text = String(value.value);
  const cut = text.indexOf('.');
  return cut < 0 ? value : [text.slice(0, cut), text.slice(cut + 1)];
}

/** A date such as 2012-10-17 is a text in a template. */
const withoutDates = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp');

/** Reads a template in YAML 1.1, its short forms as the functions that they stand for. Throws the first problem of it. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, {
    version: '1.1',
    customTags: withoutDates,
  });
  const problem = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')][0];
  if (problem !== undefined) throw problem;
  visit(document, {
    Value: (_key, node) => {
      const tag = node.tag;
      if (tag === undefined || !tag.startsWith('!')) return undefined;
      const name = LONG.get(tag);
      if (name === undefined) throw new Error(`Unresolved tag: ${tag}`);
      delete node.tag;
      const long = new YAMLMap();
      if (node.anchor !== undefined) long.anchor = node.anchor;
      delete node.anchor;
      const argument = argumentOf(name, node);
      long.set(name, isNode(argument) ? argument : document.createNode(argument));
      return long;
    },
  });
  return document.toJS({ maxAliasCount: 100 });
}
