import { copySource } from '../../../src/services/s3/copy-source';

test.each([
  ['bucket/a/b.txt', { bucket: 'bucket', key: 'a/b.txt', versionId: undefined }],
  ['/bucket/a', { bucket: 'bucket', key: 'a', versionId: undefined }],
  ['bucket/a%20b%2Bc?versionId=v1', { bucket: 'bucket', key: 'a b+c', versionId: 'v1' }],
  ['bucket/what%3FversionId=no', { bucket: 'bucket', key: 'what?versionId=no', versionId: undefined }],
])('%s names its object', (header, source) => {
  expect(copySource(header)).toEqual(source);
});
