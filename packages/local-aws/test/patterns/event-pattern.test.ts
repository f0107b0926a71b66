import { checkPattern, matches } from '../../src/patterns/event-pattern';

const EVENT = {
  source: 'aws.sagemaker',
  'detail-type': 'State Change',
  resources: ['arn:a', 'arn:b'],
  detail: { name: 'model-7', count: 5, empty: '', none: null, ip: '10.0.0.9', nested: { state: 'Failed' }, tags: [{ key: 'x' }] },
};

test.each([
  [{ source: ['aws.sagemaker'], detail: { nested: { state: ['Failed', 'Stopped'] } } }, true],
  [{ source: ['aws.other'] }, false],
  [{ resources: ['arn:b'] }, true],
  [{ detail: { count: [5] } }, true],
  [{ detail: { count: ['5'] } }, false],
  [{ detail: { none: [null], empty: [''] } }, true],
  [{ detail: { name: [{ prefix: 'model-' }] } }, true],
  [{ detail: { name: [{ suffix: '-8' }] } }, false],
  [{ detail: { name: [{ prefix: { 'equals-ignore-case': 'MODEL' } }] } }, true],
  [{ detail: { name: [{ 'equals-ignore-case': 'Model-7' }] } }, true],
  [{ detail: { name: [{ wildcard: 'm*l-*' }] } }, true],
  [{ detail: { name: [{ wildcard: 'm*x' }] } }, false],
  [{ detail: { name: [{ 'anything-but': ['a', 'b'] }] } }, true],
  [{ detail: { name: [{ 'anything-but': { prefix: 'model' } }] } }, false],
  [{ detail: { absent: [{ 'anything-but': 'a' }] } }, false],
  [{ detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
  [{ detail: { count: [{ numeric: ['<', 5] }] } }, false],
  [{ detail: { name: [{ numeric: ['>', 0] }] } }, false],
  [{ detail: { absent: [{ exists: false }], name: [{ exists: true }] } }, true],
  [{ detail: { name: [{ exists: false }] } }, false],
  [{ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
  [{ detail: { ip: [{ cidr: '10.0.1.0/24' }] } }, false],
  [{ detail: { $or: [{ count: [1] }, { name: ['model-7'] }] } }, true],
  [{ detail: { $or: [{ count: [1] }, { name: ['x'] }] } }, false],
  [{ detail: { tags: { key: ['x'] } } }, true],
])('%j matches: %s', (pattern, expected) => {
  expect(matches(JSON.stringify(pattern), EVENT)).toBe(expected);
});

test.each([
  ['{"source":"x"}', '"source" must be an object or an array'],
  ['{"source":[]}', 'Empty arrays are not allowed'],
  ['{"a":[{"starts":"x"}]}', 'Unrecognized match type starts'],
  ['{"a":[{"numeric":["~",1]}]}', 'Unrecognized numeric range operator: ~'],
  ['[1]', 'Filter is not an object'],
])('refuses %s', (pattern, message) => {
  expect(() => checkPattern(pattern)).toThrow(message);
});
