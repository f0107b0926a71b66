import type { WireRequest } from '../../src/wire/request';
import { s3Address } from '../../src/wire/s3-address';

const address = (host: string, path: string) => s3Address({ path, headers: { host } } as unknown as WireRequest);

test.each([
  ['127.0.0.1:4566', '/', undefined, '/'],
  ['127.0.0.1:4566', '/bucket', 'bucket', '/'],
  ['127.0.0.1:4566', '/bucket/', 'bucket', '/'],
  ['127.0.0.1:4566', '/bucket/a%2Fb//c', 'bucket', '/a%2Fb//c'],
  ['s3.eu-west-1.amazonaws.com', '/bucket/key', 'bucket', '/key'],
  ['my.bucket.s3.eu-west-1.amazonaws.com', '/key', 'my.bucket', '/key'],
  ['bucket.s3.amazonaws.com:443', '/a/b', 'bucket', '/a/b'],
  ['bucket.s3-eu-west-1.amazonaws.com', '', 'bucket', '/'],
])('%s%s is bucket %s, path %s', (host, path, bucket, rest) => {
  expect(address(host, path)).toEqual({ bucket, path: rest });
});
