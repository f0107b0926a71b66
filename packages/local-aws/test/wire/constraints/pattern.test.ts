import { wholeText } from '../../../src/wire/constraints/pattern';

test.each([
  ['[a-zA-Z0-9_.-]+', 'a_b.c-1', 'a b'],
  ['[a-z]+', 'abc', 'abc1'],
  ['[\\.\\-_/#A-Za-z0-9]+', '/aws/x-y_z#1', 'a:b'],
  ['[\\w+=,.@-]*', 'a+b@c', 'a b'],
  ['[\\w-_:]+', 'a-_:', 'a.'],
  ['[^\\x00-\\x1f]*', 'ab', 'a\nb'],
  ['[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@]*', 'Ünï 1=', 'a#'],
  ['\\p{Print}+', 'a b~', 'é'],
  ['arn:[\\p{Alnum}\\-]+:x', 'arn:aws-cn:x', 'arn:a_b:x'],
  ['\\A\\S[\\p{Print}]*\\z', 'ab c', ' ab'],
  ['(?s).*', 'a\nb', undefined],
  ['a\\-b\\_c', 'a-b_c', 'a\\-b'],
  ['[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*', 'a\u{1F600}', '\u0001'],
])('%s is read as Java does', (pattern, fits, fitsNot) => {
  expect(wholeText(pattern).test(fits)).toBe(true);
  if (fitsNot !== undefined) expect(wholeText(pattern).test(fitsNot)).toBe(false);
});

test.each([['(?i)all|[0-9]{12}'], ['(a*)$+']])('%s cannot be expressed', (pattern) => {
  expect(() => wholeText(pattern)).toThrow(SyntaxError);
});
