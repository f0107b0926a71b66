/** The same list, known to have a first element. Throws RangeError when it has none. */
export function nonEmpty<T>(list: readonly T[]): [T, ...T[]] {
  const [first, ...others] = list;
  if (first === undefined) throw new RangeError('the list is empty');
  return [first, ...others];
}
