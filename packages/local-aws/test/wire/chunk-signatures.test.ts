import { createHmac } from 'node:crypto';
import { type ChunkSigning, verifyChunks } from '../../src/wire/chunk-signatures';

const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const DAY = '20130524';
const KEY = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac('AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', DAY));

/** The example of AWS's page on signed chunks, with its signatures. */
const SIGNING: ChunkSigning = {
  key: KEY,
  timestamp: `${DAY}T000000Z`,
  scope: `${DAY}/us-east-1/s3/aws4_request`,
  seed: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  trailer: false,
};
const SIGNATURES = [
  'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
];

function body(chunks: readonly string[], signatures: readonly (string | undefined)[], end = '\r\n'): Buffer {
  const parts = chunks.map((text, index) => {
    const signature = signatures[index] === undefined ? '' : `;chunk-signature=${signatures[index]}`;
    return `${text.length.toString(16)}${signature}\r\n${text}${text === '' ? '' : '\r\n'}`;
  });
  return Buffer.from(parts.join('') + end, 'latin1');
}

const CHUNKS = ['a'.repeat(65_536), 'a'.repeat(1024), ''];

test('chunks that carry the signatures of AWS\u2019s example are taken', () => {
  expect(() => verifyChunks(body(CHUNKS, SIGNATURES), SIGNING)).not.toThrow();
});

test.each<[string, readonly string[], readonly (string | undefined)[], Partial<ChunkSigning>]>([
  ['another byte', [CHUNKS[0] ?? '', `b${'a'.repeat(1023)}`, ''], SIGNATURES, {}],
  ['chunks in another order', [CHUNKS[1] ?? '', CHUNKS[0] ?? '', ''], SIGNATURES, {}],
  ['a chunk less', [CHUNKS[0] ?? '', ''], [SIGNATURES[0], SIGNATURES[2]], {}],
  ['no signature', CHUNKS, [SIGNATURES[0], undefined, SIGNATURES[2]], {}],
  ['another request', CHUNKS, SIGNATURES, { seed: 'f'.repeat(64) }],
  ['a trailer without signature', CHUNKS, SIGNATURES, { trailer: true }],
])('%s is refused', (_, chunks, signatures, signing) => {
  expect(() => verifyChunks(body(chunks, signatures), { ...SIGNING, ...signing })).toThrow(
    'The request signature we calculated does not match',
  );
});

describe('what follows the chunks', () => {
  const signing = { ...SIGNING, seed: '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e', trailer: true };
  const signatures = [
    'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
    '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
    '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
  ];
  const end = (checksum: string): string =>
    `x-amz-checksum-crc32c:${checksum}\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n`;

  test('has a signature of its own', () => {
    expect(() => verifyChunks(body(CHUNKS, signatures, end('sOO8/Q==')), signing)).not.toThrow();
  });

  test('cannot be changed', () => {
    expect(() => verifyChunks(body(CHUNKS, signatures, end('sOO8/A==')), signing)).toThrow('does not match');
  });
});
