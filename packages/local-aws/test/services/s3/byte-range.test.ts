import { byteRange } from '../../../src/services/s3/byte-range';

test.each([
  ['bytes=0-3', [0, 3]],
  ['bytes=4-', [4, 9]],
  ['bytes=-3', [7, 9]],
  ['bytes=-30', [0, 9]],
  ['bytes=8-30', [8, 9]],
  ['lines=1-2', undefined],
  [undefined, undefined],
])('%s of ten bytes', (range, wanted) => {
  expect(byteRange(range, 10)).toEqual(wanted);
});

test.each(['bytes=10-', 'bytes=5-4'])('%s of ten bytes cannot be satisfied', (range) => {
  expect(() => byteRange(range, 10)).toThrow('The requested range is not satisfiable');
});
