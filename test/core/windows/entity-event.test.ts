import { entityEvent, tileKey, type WindowPlan, windowPlan } from '../../../core/windows';
import { departures, originCongestion } from '../../support/example-platform';

const plan: WindowPlan = {
  ...windowPlan(originCongestion, departures),
  entity: ['site', 'machine'],
  eventId: 'id',
  eventTime: 'at',
};
const event = { id: 7, site: 'a#b', machine: 3, at: '2013-04-01T00:00:00.500Z', heat: 10 };

test('an event names its entity, its time and itself, and keeps all of its values', () => {
  expect(entityEvent(plan, event)).toEqual({ id: '7', at: Date.UTC(2013, 3, 1) + 500, entity: 'a%23b#3', values: event });
});

test.each([
  ['a part of its entity is missing', { ...event, machine: null }],
  ['its time is none', { ...event, at: 'yesterday' }],
  ['it has no time', { id: 7, site: 'a', machine: 3 }],
])('an event is left out when %s', (_, given) => {
  expect(entityEvent(plan, given)).toBeUndefined();
});

test('the key of a tile names group and entity', () => {
  expect(tileKey({ name: 'machine_heat' }, 'm1')).toBe('machine_heat#m1');
});
