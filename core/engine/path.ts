/** Steps into a declaration: names, list indexes and map keys. */
export type FieldPath = readonly (string | number)[];

export function startsWith(path: FieldPath, prefix: FieldPath): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => path[index] === step);
}
