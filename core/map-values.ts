/** An object with the same keys and other values. */
export function mapValues<T extends object, U>(object: T, change: (value: T[keyof T], key: keyof T) => U): { [K in keyof T]: U } {
  const keys = Object.keys(object) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, change(object[key], key)])) as { [K in keyof T]: U };
}
