import fc from 'fast-check';
import { parseStrictJson } from '../../../core/strict-json';

test('everything that JSON.stringify writes is read back', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value, null, 1);
      fc.pre(!text.includes('__proto__'));

      expect(parseStrictJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test('what JSON.parse refuses is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.eE+-truefalsn \\u') }), (text) => {
      const accepts = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();
      const result = parseStrictJson(text);

      if (!accepts) expect(result.ok).toBe(false);
      if (result.ok) expect(result.value).toEqual(JSON.parse(text));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['{"a":{"b":1,"b":2}}', 'duplicate-key', '/a', 'key "b" appears more than once'],
  ['{"a":1,"\\u0061":2}', 'duplicate-key', '', 'key "a" appears more than once'],
  ['{"a":[1e400]}', 'not-finite', '/a/0', 'number is too large'],
  ['{"a":NaN}', 'syntax', '/a', 'unexpected text at character 5'],
  ['[Infinity]', 'syntax', '/0', 'unexpected text at character 1'],
  ['{"__proto__":{}}', 'forbidden-key', '', 'key __proto__ is not allowed'],
  ['{"a/b~":[01]}', 'syntax', '/a~1b~0', "expected ']' at character 10"],
  ['', 'syntax', '', 'unexpected end at character 0'],
  ['1 2', 'syntax', '', 'unexpected text at character 2'],
  ['"a\u0000"', 'syntax', '', 'expected a string at character 0'],
])('%s is refused: %s', (text, fault, pointer, message) => {
  expect(parseStrictJson(text)).toEqual({ ok: false, fault, pointer, message });
});

test('32 levels are read, 33 are not', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  expect(parseStrictJson(nested(32)).ok).toBe(true);
  expect(parseStrictJson(nested(33))).toMatchObject({ ok: false, fault: 'too-deep' });
  expect(parseStrictJson('['.repeat(1_000_000))).toMatchObject({ ok: false, fault: 'too-deep' });
});
