import type { Comparison, Condition, Value } from './definition';
import { resolve, type Scope, Unresolvable } from './resolve';

function order(left: Value, right: Value, type: Comparison): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw new Unresolvable(`${type} cannot compare ${JSON.stringify(left)} with ${JSON.stringify(right)}`);
}

const COMPARE: Readonly<Record<Comparison, (left: Value, right: Value) => boolean>> = {
  Equals: (left, right) => left === right,
  GreaterThan: (left, right) => order(left, right, 'GreaterThan') > 0,
  GreaterThanOrEqualTo: (left, right) => order(left, right, 'GreaterThanOrEqualTo') >= 0,
  LessThan: (left, right) => order(left, right, 'LessThan') < 0,
  LessThanOrEqualTo: (left, right) => order(left, right, 'LessThanOrEqualTo') <= 0,
};

export async function holds(condition: Condition, scope: Scope): Promise<boolean> {
  switch (condition.type) {
    case 'Not':
      return !(await holds(condition.condition, scope));
    case 'Or':
      for (const option of condition.conditions) if (await holds(option, scope)) return true;
      return false;
    case 'In': {
      const query = await resolve(condition.query, scope);
      const values = await Promise.all(condition.values.map((value) => resolve(value, scope)));
      return values.includes(query);
    }
    default:
      return COMPARE[condition.type](await resolve(condition.left, scope), await resolve(condition.right, scope));
  }
}

/** Whether all conditions of a step hold. */
export async function allHold(conditions: readonly Condition[], scope: Scope): Promise<boolean> {
  for (const condition of conditions) if (!(await holds(condition, scope))) return false;
  return true;
}
