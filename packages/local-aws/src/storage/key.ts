/** Key of a record; arrays are ordered part by part. */
export type Key = string | number | (string | number)[];
