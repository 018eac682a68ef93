/** The entries of a record in the order of their names, whatever the order they were written in. */
export function byName<T>(things: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(things).toSorted(([one], [other]) => (one < other ? -1 : 1));
}
