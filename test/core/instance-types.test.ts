import { hasGpu, hasLocalStorage, isBurstable, volumeKeyOf } from '../../core/instance-types';

test.each(['ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.p3.2xlarge', 'ml.p4d.24xlarge'])('%s has a GPU', (type) => {
  expect(hasGpu(type)).toBe(true);
});

test.each(['ml.m5.large', 'ml.c6i.large', 'ml.inf2.xlarge', 'ml.trn1.2xlarge', 'ml.graviton.large', 'xml.g5.xlarge'])(
  '%s has none',
  (type) => {
    expect(hasGpu(type)).toBe(false);
  },
);

// AWS's list of instance types with local NVMe storage.
test.each(
  [
    'g4dn',
    'g5',
    'g6',
    'g6e',
    'gr6',
    'p3dn',
    'p4d',
    'p4de',
    'p5',
    'p5e',
    'p5en',
    'm5d',
    'm5dn',
    'c5d',
    'r5d',
    'm6id',
    'c6gd',
    'r6idn',
    'trn1',
    'trn1n',
  ].map((family) => `ml.${family}.xlarge`),
)('%s has a disk of its own, which takes no key', (type) => {
  expect(hasLocalStorage(type)).toBe(true);
  expect(volumeKeyOf(type, 'arn')).toBeUndefined();
});

test.each(['m5', 'm6i', 'c6i', 'c7g', 'r5', 'g4', 'p2', 'p3', 'inf1', 'inf2', 't3'].map((family) => `ml.${family}.xlarge`))(
  '%s has a volume, which takes a key',
  (type) => {
    expect(hasLocalStorage(type)).toBe(false);
    expect(volumeKeyOf(type, 'arn')).toBe('arn');
  },
);

test('burstable types are those of family t', () => {
  expect(['ml.t2.medium', 'ml.t3.large', 'ml.trn1.2xlarge', 'ml.m5.large'].map(isBurstable)).toEqual([true, true, false, false]);
});
