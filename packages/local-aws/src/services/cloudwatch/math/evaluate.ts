import { AwsError } from '../../../errors';
import type { Node } from './parse';

export type Series = ReadonlyMap<number, number>;
export type Value = number | string | Series | readonly Series[];

export interface Scope {
  /** Starts of all periods, ascending. */
  readonly times: readonly number[];
  readonly periodMs: number;
  /** The series of a query id; throws if there is none. */
  series(id: string): Series;
  /** Series of all metric queries, for METRICS(). */
  metrics(filter: string | undefined): readonly Series[];
}

type Combine = (left: number, right: number) => number | undefined;

const flag = (value: boolean): number => (value ? 1 : 0);
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
const OPERATORS: Readonly<Record<string, Combine>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => finite(a / b),
  '%': (a, b) => finite(a % b),
  '^': (a, b) => finite(a ** b),
  '==': (a, b) => flag(a === b),
  '!=': (a, b) => flag(a !== b),
  '<': (a, b) => flag(a < b),
  '<=': (a, b) => flag(a <= b),
  '>': (a, b) => flag(a > b),
  '>=': (a, b) => flag(a >= b),
  AND: (a, b) => flag(a !== 0 && b !== 0),
  '&&': (a, b) => flag(a !== 0 && b !== 0),
  OR: (a, b) => flag(a !== 0 || b !== 0),
  '||': (a, b) => flag(a !== 0 || b !== 0),
};
const EACH: Readonly<Record<string, (value: number) => number | undefined>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  LOG: (value) => finite(Math.log(value)),
  LOG10: (value) => finite(Math.log10(value)),
};

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

const TOTALS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((sum, value) => sum + value, 0),
  AVG: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  STDDEV: spread,
  DATAPOINT_COUNT: (values) => values.length,
};

function isSeries(value: Value): value is Series {
  return value instanceof Map;
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function collect(times: readonly number[], at: (time: number, index: number) => number | undefined): Series {
  const found = new Map<number, number>();
  times.forEach((time, index) => {
    const value = at(time, index);
    if (value !== undefined) found.set(time, value);
  });
  return found;
}

/** Evaluates metric math over series; a point that one operand lacks is left out, as is a division by zero. */
class Evaluation {
  constructor(private readonly scope: Scope) {}

  value(node: Node): Value {
    switch (node.kind) {
      case 'number':
      case 'text':
        return node.value;
      case 'id':
        return this.scope.series(node.name);
      case 'list':
        return node.items.map((item) => this.series(item));
      case 'negate':
        return this.each(this.value(node.operand), (value) => -value);
      case 'binary':
        return this.combine(this.value(node.left), this.value(node.right), OPERATORS[node.operator] ?? (() => undefined));
      case 'call':
        return this.call(node.name, node.args);
    }
  }

  private series(node: Node): Series {
    const value = this.value(node);
    if (typeof value === 'number') return collect(this.scope.times, () => value);
    if (isSeries(value)) return value;
    throw invalid('a time series is expected');
  }

  private each(value: Value, change: (value: number) => number | undefined): Value {
    if (typeof value === 'number') return change(value) ?? Number.NaN;
    if (typeof value === 'string') throw invalid(`'${value}' is not a number`);
    const one = (series: Series): Series =>
      collect([...series.keys()], (time) => {
        const number = series.get(time);
        return number === undefined ? undefined : change(number);
      });
    return isSeries(value) ? one(value) : value.map(one);
  }

  private combine(left: Value, right: Value, operator: Combine): Value {
    if (typeof right === 'number') return this.each(left, (value) => operator(value, right));
    if (typeof left === 'number') return this.each(right, (value) => operator(left, value));
    if (typeof left === 'string' || typeof right === 'string') throw invalid('text is not a number');
    if (!isSeries(left)) return left.map((series) => this.pair(series, isSeries(right) ? right : undefined, operator));
    if (!isSeries(right)) return right.map((series) => this.pair(left, series, operator));
    return this.pair(left, right, operator);
  }

  private pair(left: Series, right: Series | undefined, operator: Combine): Series {
    if (right === undefined) throw invalid('two arrays of time series cannot be combined');
    return collect([...left.keys()], (time) => {
      const [a, b] = [left.get(time), right.get(time)];
      return a === undefined || b === undefined ? undefined : operator(a, b);
    });
  }

  private call(name: string, args: readonly Node[]): Value {
    const [first, second, third] = args;
    if (name === 'METRICS') return this.scope.metrics(first?.kind === 'text' ? first.value : undefined);
    if (first === undefined) throw invalid(`${name} needs an argument`);
    const each = EACH[name];
    if (each !== undefined) return this.each(this.value(first), each);
    const total = TOTALS[name];
    if (total !== undefined) return this.total(this.value(first), total);
    switch (name) {
      case 'PERIOD':
        return this.scope.periodMs / 1000;
      case 'FILL':
        return this.fill(this.series(first), second);
      case 'IF':
        return this.choose(this.series(first), second, third);
      case 'RATE':
      case 'DIFF':
      case 'DIFF_TIME':
        return this.difference(name, this.series(first));
      case 'RUNNING_SUM': {
        let sum = 0;
        return this.each(this.series(first), (value) => {
          sum += value;
          return sum;
        });
      }
      case 'TIME_SERIES':
        return this.series(first);
      default:
        throw invalid(`The local AWS does not support the function ${name} in expressions.`);
    }
  }

  /** Of one series: one number. Of an array: a series, from what its members have at each time. */
  private total(value: Value, total: (values: readonly number[]) => number): Value {
    if (typeof value === 'string') throw invalid('text is not a number');
    if (typeof value === 'number') return value;
    if (isSeries(value)) return value.size === 0 ? new Map() : total([...value.values()]);
    return collect(this.scope.times, (time) => {
      const values = value.flatMap((series) => series.get(time) ?? []);
      return values.length === 0 ? undefined : total(values);
    });
  }

  private fill(series: Series, by: Node | undefined): Series {
    if (by?.kind === 'id' && by.name === 'LINEAR') throw invalid('The local AWS fills with a value or REPEAT.');
    const repeat = by?.kind === 'id' && by.name === 'REPEAT';
    const constant = repeat || by === undefined ? undefined : this.value(by);
    let last: number | undefined;
    return collect(this.scope.times, (time) => {
      const own = series.get(time);
      if (own !== undefined) last = own;
      if (own !== undefined || repeat) return own ?? last;
      return typeof constant === 'number'
        ? constant
        : constant !== undefined && isSeries(constant as Value)
          ? (constant as Series).get(time)
          : undefined;
    });
  }

  private choose(condition: Series, whenTrue: Node | undefined, whenFalse: Node | undefined): Series {
    if (whenTrue === undefined) throw invalid('IF needs a value');
    const yes = this.series(whenTrue);
    const no = whenFalse === undefined ? undefined : this.series(whenFalse);
    return collect(this.scope.times, (time) => {
      const test = condition.get(time);
      return test === undefined ? undefined : test !== 0 ? yes.get(time) : no?.get(time);
    });
  }

  private difference(name: string, series: Series): Series {
    const times = [...series.keys()].sort((a, b) => a - b);
    return collect(times, (time, index) => {
      const before = times[index - 1];
      if (before === undefined) return undefined;
      const change = (series.get(time) ?? 0) - (series.get(before) ?? 0);
      const seconds = (time - before) / 1000;
      return name === 'DIFF' ? change : name === 'DIFF_TIME' ? seconds : change / seconds;
    });
  }
}

/** The value of an expression as a series (a number is the same at every time). */
export function evaluate(node: Node, scope: Scope): Series {
  const value = new Evaluation(scope).value(node);
  if (typeof value === 'number') return collect(scope.times, () => value);
  if (typeof value !== 'string' && isSeries(value)) return value;
  throw invalid('The expression must give one time series.');
}
