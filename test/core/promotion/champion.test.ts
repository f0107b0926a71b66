import { championSchema, checkDigest } from '../../../core/promotion';

const digest = `sha256:${'a'.repeat(64)}`;

test('only the registered digest is accepted', () => {
  expect(checkDigest(digest, digest)).toEqual({ ok: true });
  expect(checkDigest(digest, `sha256:${'b'.repeat(64)}`)).toEqual({ ok: false, reason: 'digest-mismatch' });
});

test.each([undefined, '', 'sha256:', 'a'.repeat(64), `SHA256:${'a'.repeat(64)}`, ` ${digest}`, `${digest}a`])(
  '%p is no registered digest',
  (registered) => {
    expect(checkDigest(registered, digest)).toEqual({ ok: false, reason: 'digest-missing' });
  },
);

test('a champion pointer is checked when read', () => {
  const pointer = { version: '0', modelDataUrl: 's3://bucket/model.tar.gz', digest, promotedAt: '2013-04-01T00:00:00.000Z' };

  expect(championSchema.parse(pointer)).toEqual(pointer);
  expect(championSchema.parse({ ...pointer, version: '12' }).version).toBe('12');
  for (const version of ['latest', 'v1', '1a', '', ' 1'])
    expect(championSchema.safeParse({ ...pointer, version }).success).toBe(false);
});
