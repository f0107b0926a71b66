import { parseEventTime } from '../../../../src/services/sagemaker/feature-store/event-time';

const order = (text: string, type: 'String' | 'Fractional' = 'String') => parseEventTime(text, type)?.order ?? '';

describe('event time', () => {
  it('orders ISO texts to the nanosecond, whatever their precision', () => {
    const texts = ['1969-12-31T23:59:59Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000000001Z', '2026-01-01T00:00:00.5Z'];

    expect(texts.map((text) => order(text)).sort()).toEqual(texts.map((text) => order(text)));
    expect(order('2026-01-01T00:00:00.000Z')).toBe(order('2026-01-01T00:00:00Z'));
  });

  it('reads epoch seconds as the same instants', () => {
    expect(parseEventTime('1767225600.5', 'Fractional')).toEqual(parseEventTime('2026-01-01T00:00:00.500Z', 'String'));
  });

  it.each(['2026-01-01', '2026-01-01T00:00:00', '2026-01-01T00:00:00+01:00', '2026-02-30T00:00:00Z', '1767225600'])(
    'refuses %s as text',
    (text) => {
      expect(parseEventTime(text, 'String')).toBeUndefined();
    },
  );
});
