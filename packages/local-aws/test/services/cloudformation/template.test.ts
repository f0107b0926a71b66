import { parseTemplate } from '../../../src/services/cloudformation/template';

const RESOURCE = { Type: 'AWS::SSM::Parameter' };
const many = (count: number, value: object = RESOURCE): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, value]));

test.each([
  ['500 resources', { Resources: many(500) }],
  ['200 parameters', { Resources: many(1), Parameters: many(200) }],
  ['200 outputs', { Resources: many(1), Outputs: many(200) }],
  ['200 mappings', { Resources: many(1), Mappings: many(200) }],
  ['a name of 255 letters', { Resources: { ['R'.repeat(255)]: RESOURCE } }],
  ['a description of 1,024 bytes', { Resources: many(1), Description: 'd'.repeat(1024) }],
])('%s are allowed', (_, template) => {
  expect(() => parseTemplate(JSON.stringify(template))).not.toThrow();
});

test.each([
  [
    '501 resources',
    { Resources: many(501) },
    'Template format error: Number of resources, 501, is greater than maximum allowed, 500',
  ],
  [
    '201 parameters',
    { Resources: many(1), Parameters: many(201) },
    'Template format error: Number of parameters, 201, is greater than maximum allowed, 200',
  ],
  [
    '201 outputs',
    { Resources: many(1), Outputs: many(201) },
    'Template format error: Number of outputs, 201, is greater than maximum allowed, 200',
  ],
  [
    '201 mappings',
    { Resources: many(1), Mappings: many(201) },
    'Template format error: Number of mappings, 201, is greater than maximum allowed, 200',
  ],
  [
    'a name with a hyphen',
    { Resources: { 'a-b': RESOURCE } },
    "Template format error: Resources name 'a-b' is non alphanumeric.",
  ],
  [
    'a description of 1,025 bytes',
    { Resources: many(1), Description: 'd'.repeat(1025) },
    "Template format error: 'Description' length is greater than 1024.",
  ],
  [
    'a snapshot of what has none',
    { Resources: { R: { ...RESOURCE, DeletionPolicy: 'Snapshot' } } },
    'Template error: resource type AWS::SSM::Parameter does not support deletion policy Snapshot',
  ],
  [
    'an unknown policy',
    { Resources: { R: { ...RESOURCE, DeletionPolicy: 'Keep' } } },
    'Template error: Unrecognized DeletionPolicy Keep for resource R',
  ],
  ['an unknown section', { Resources: many(1), Resource: {} }, 'Invalid template property or properties [Resource]'],
  [
    'a resource without type',
    { Resources: { R: {} } },
    'Template format error: [/Resources/R] Every Resources object must contain a Type member.',
  ],
])('%s: refused', (_, template, message) => {
  expect(() => parseTemplate(JSON.stringify(template))).toThrow(message);
});
