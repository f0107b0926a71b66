import { decodeAwsChunked } from '../../src/wire/chunked';

const decode = (text: string, declared?: number) => {
  const { payload, trailers } = decodeAwsChunked(Buffer.from(text, 'latin1'), declared);
  return [payload.toString('latin1'), trailers];
};

test.each([
  ['0\r\n\r\n', '', {}],
  ['5\r\nhello\r\n0\r\n\r\n', 'hello', {}],
  ['5;chunk-signature=abc\r\nhello\r\n1;chunk-signature=def\r\n!\r\n0;chunk-signature=0\r\n\r\n', 'hello!', {}],
  [
    'A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\nx-odd:a:b\r\n\r\n',
    '0\r\n\r\n0\r\n\r\n',
    { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-odd': 'a:b' },
  ],
])('%j is read', (text, payload, trailers) => {
  expect(decode(text, payload.length)).toEqual([payload, trailers]);
});

test.each([['5\r\nhel'], ['5\r\nhello\r\n'], ['5'], ['x\r\n'], ['']])('%j is incomplete', (text) => {
  expect(() => decode(text)).toThrow('The request body terminated unexpectedly');
});

test('another length than the declared one is incomplete', () => {
  expect(() => decode('5\r\nhello\r\n0\r\n\r\n', 6)).toThrow('The request body terminated unexpectedly');
});
