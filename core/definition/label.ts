import { type Duration, durationSchema } from './duration';
import type { Field } from './field';
import { columnName } from './identifier';
import type { ColumnOf, NumericColumn, TypedSource } from './source';

/** Members of every task's label: a column of a later event. */
export const labelMembers = {
  name: columnName,
  source: columnName,
  column: columnName,
  /** Column of the label's source that equals the model's entity. */
  joinOn: columnName,
  /** Outcomes later than this after the prediction are not waited for. */
  within: durationSchema,
};

interface OutcomeOptions<S extends Record<string, Field>> {
  readonly name: string;
  readonly column: NumericColumn<S>;
  readonly joinOn: ColumnOf<S>;
  readonly within: Duration;
}

/** The label: a column of a later event, read as the task says (`above`: the bound of a yes). */
export function outcome<S extends Record<string, Field>, const O extends OutcomeOptions<NoInfer<S>>>(
  source: TypedSource<S>,
  options: O,
): O & { source: string } {
  return { ...options, source: source.name };
}
