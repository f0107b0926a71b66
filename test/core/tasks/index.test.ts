import { TASKS, taskOf } from '../../../core/tasks';

test.each(TASKS.map((task) => [task.name, task] as const))('%s is whole', (_, { metrics, headline, gates, outputs }) => {
  expect(Object.keys(metrics)).toContain(headline.metric);
  expect(outputs.length).toBeGreaterThan(0);
  expect(Object.keys(gates.shape)).toEqual(expect.arrayContaining(['beatChampionBy', 'minRows']));
});

test('no two tasks give one name to a live metric', () => {
  const live = TASKS.flatMap(({ metrics }) => Object.values(metrics).flatMap((it) => ('live' in it ? [it.live] : [])));

  expect(new Set(live).size).toBe(live.length);
});

test.each(TASKS)('the rules of $name are found by its name', (task) => {
  expect(taskOf({ task: task.name })).toBe(task);
});

test('a task that does not exist is named with those that do', () => {
  expect(() => taskOf({ task: 'divination' as 'binary-classification' })).toThrow(
    "no task 'divination', allowed: binary-classification",
  );
});
