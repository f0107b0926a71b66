import { scheduler } from '../../../src/services/scheduler';
import { FakeCloud } from '../../support/fake-cloud';

const START = Date.UTC(2030, 0, 1, 12);
const HOUR_MS = 3_600_000;
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:watch';
const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const DEAD = 'arn:aws:sqs:eu-west-1:000000000000:dead';

let cloud: FakeCloud;
let invoked: { at: number; payload: string; by: string | undefined }[];
let dead: { MessageAttributes: Record<string, { StringValue: string }> }[];
let failing: boolean;

async function start(stateDir?: string, startAt = START): Promise<void> {
  cloud = await FakeCloud.start({
    services: [scheduler],
    startAt,
    paused: true,
    ...(stateDir === undefined ? {} : { stateDir }),
    stubs: {
      lambda: {
        Invoke: (input, { caller }) => {
          invoked.push({ at: cloud.clock.now(), payload: Buffer.from(input.Payload).toString(), by: caller.roleArn });
          if (failing) throw new Error('down');
        },
      },
      sqs: { SendMessage: (input) => void dead.push(input) },
    },
  });
}

beforeEach(async () => {
  invoked = [];
  dead = [];
  failing = false;
  await start();
});
afterEach(() => cloud.stop());

async function schedule(Name: string, ScheduleExpression: string, input: object = {}, target: object = {}): Promise<void> {
  await cloud.call('scheduler', 'CreateSchedule', {
    Name,
    ScheduleExpression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: FUNCTION, RoleArn: ROLE, Input: '{"at":"<aws.scheduler.scheduled-time>"}', ...target },
    ...input,
  });
}

test('a rate fires at once and then at each due time of a jump, at its own instant and in its role', async () => {
  await schedule('hourly', 'rate(1 hour)');
  await cloud.clock.advance(3 * HOUR_MS);

  expect(invoked.map(({ at }) => (at - START) / HOUR_MS)).toEqual([0, 1, 2, 3]);
  expect(invoked[1]).toMatchObject({ payload: '{"at":"2030-01-01T13:00:00Z"}', by: ROLE });
});

test('a restart keeps the times; what became due meanwhile fires', async () => {
  await schedule('hourly', 'rate(1 hour)', { StartDate: new Date(START + HOUR_MS) });
  const { stateDir } = cloud;
  await cloud.stop(true);
  await start(stateDir, START + 1.5 * HOUR_MS);
  await cloud.clock.advance(HOUR_MS);

  expect(invoked.map(({ payload }) => payload.slice(7, 23))).toEqual(['2030-01-01T13:00', '2030-01-01T14:00']);
});

test('a one-time schedule is gone after it fired when it says so; a disabled one does not fire', async () => {
  await schedule('once', 'at(2030-01-01T13:30:00)', {
    ActionAfterCompletion: 'DELETE',
    ScheduleExpressionTimezone: 'Europe/London',
  });
  await schedule('off', 'rate(1 minute)', { State: 'DISABLED' });
  await cloud.clock.advance(2 * HOUR_MS);

  expect(invoked).toHaveLength(1);
  await expect(cloud.call('scheduler', 'GetSchedule', { Name: 'once' })).rejects.toThrow('Schedule once does not exist.');
});

test('a failing target is tried again as often as the policy says, then goes to the dead-letter queue', async () => {
  failing = true;
  await schedule(
    'fails',
    'at(2030-01-01T12:10:00)',
    {},
    { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: DEAD } },
  );
  await cloud.clock.advance(HOUR_MS);

  expect(invoked).toHaveLength(3);
  expect(dead[0]?.MessageAttributes).toMatchObject({
    ERROR_MESSAGE: { StringValue: 'down' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
    RETRY_ATTEMPTS: { StringValue: '2' },
  });
});

test('refuses what it cannot schedule', async () => {
  await expect(schedule('x', 'rate(1 hours)')).rejects.toThrow('Invalid Schedule Expression rate(1 hours).');
  await expect(schedule('x', 'rate(1 hour)', {}, { Arn: 'arn:aws:states:eu-west-1:0:x' })).rejects.toThrow(
    'schedules Lambda, SQS and SNS',
  );
  await schedule('x', 'rate(1 hour)');
  await expect(schedule('x', 'rate(1 hour)')).rejects.toThrow('Schedule x already exists.');
});
