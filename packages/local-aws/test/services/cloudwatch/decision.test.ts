import type { AlarmState } from '../../../src/services/cloudwatch/alarm-store';
import { decide } from '../../../src/services/cloudwatch/decision';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** `0` fine, `X` breaching, `-` missing; newest right, as in CloudWatch's documentation. */
function points(text: string): (boolean | undefined)[] {
  return text
    .split(' ')
    .map((mark) => (mark === '-' ? undefined : mark === 'X'))
    .reverse();
}

function outcomes(text: string, toAlarm: number, current: AlarmState): string[] {
  return TREATMENTS.map((treatMissing) => decide(points(text), { periods: 3, toAlarm, treatMissing }, current) ?? 'keep');
}

// The tables of "Configuring how CloudWatch alarms treat missing data".
test.each([
  [3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  [3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  [3, '- - - - -', ['INSUFFICIENT_DATA', 'keep', 'ALARM', 'OK']],
  [3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [3, '- - X - -', ['ALARM', 'keep', 'ALARM', 'OK']],
  [2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  [2, '- - - X -', ['ALARM', 'keep', 'ALARM', 'OK']],
])('%s of 3 with points %s: missing, ignore, breaching, notBreaching give %j', (toAlarm, text, expected) => {
  expect(outcomes(text, toAlarm, 'OK')).toEqual(expected);
});

test('a single new breaching point does not alarm before M periods have passed', () => {
  expect(outcomes('- - - - X', 3, 'OK')[0]).toBe('OK');
  expect(outcomes('- - - X X', 3, 'OK')[0]).toBe('OK');
  expect(outcomes('- - X - X', 3, 'OK')[0]).toBe('ALARM');
});
