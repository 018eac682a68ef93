/** Steps into a declaration: names, list indexes and map keys. */
export type FieldPath = readonly (string | number)[];
