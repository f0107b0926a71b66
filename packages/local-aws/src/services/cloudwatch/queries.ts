import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../errors';
import { evaluate, type Series } from './math/evaluate';
import { parseExpression } from './math/parse';
import type { MetricStore } from './metric-store';
import { type Grid, readPoints } from './series';

export interface Answer {
  readonly values: Series;
  readonly sampleCounts: Series;
  /** Times at which the metrics behind it have data. */
  readonly times: readonly number[];
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Checks queries as far as they depend on each other only: ids, one source each, expressions that can be read. */
export function checkQueries(queries: readonly MetricDataQuery[]): void {
  const ids = queries.map(({ Id = '' }) => Id);
  for (const { Id = '', Expression, MetricStat } of queries) {
    if (!/^[a-z]\w{0,254}$/.test(Id)) throw invalid(`The value '${Id}' for parameter Id must match ^[a-z][a-zA-Z0-9_]*$`);
    if (ids.filter((id) => id === Id).length > 1) throw invalid(`The values for parameter Id in the list are not unique: ${Id}`);
    if ((Expression === undefined) === (MetricStat === undefined))
      throw invalid(`Exactly one of Expression and MetricStat must be given for ${Id}.`);
    if (Expression !== undefined) parseExpression(Expression);
  }
}

/** Answers queries that refer to each other over one grid. */
export class Queries {
  private readonly answers = new Map<string, Answer>();
  private readonly open = new Set<string>();

  constructor(
    private readonly store: MetricStore,
    private readonly queries: readonly MetricDataQuery[],
    private readonly grid: Grid,
  ) {}

  answer(id: string): Answer {
    const known = this.answers.get(id);
    if (known !== undefined) return known;
    const query = this.queries.find((candidate) => candidate.Id === id);
    if (query === undefined) throw invalid(`Unknown id '${id}' in an expression.`);
    if (this.open.has(id)) throw invalid(`Expression of '${id}' refers to itself.`);
    this.open.add(id);
    const answer = query.MetricStat === undefined ? this.expression(query) : readPoints(this.store, query.MetricStat, this.grid);
    this.open.delete(id);
    this.answers.set(id, answer);
    return answer;
  }

  private expression(query: MetricDataQuery): Answer {
    const { start, end, periodMs } = this.grid;
    const times = Array.from({ length: Math.ceil((end - start) / periodMs) }, (_, index) => start + index * periodMs);
    const metrics = this.queries.filter(({ MetricStat }) => MetricStat !== undefined);
    const seen = new Set<number>();
    const series = (id: string): Series => {
      const answer = this.answer(id);
      for (const at of answer.times) seen.add(at);
      return answer.values;
    };
    const values = evaluate(parseExpression(query.Expression ?? ''), {
      times,
      periodMs,
      series,
      metrics: (filter) =>
        metrics.filter(({ Id = '' }) => filter === undefined || Id.includes(filter)).map(({ Id = '' }) => series(Id)),
    });
    return { values, sampleCounts: new Map(), times: [...seen].sort((a, b) => a - b) };
  }
}
