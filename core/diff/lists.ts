import type { Change, Group, Pair } from "./change.ts";

/** How things of one kind are compared. */
export interface Comparison<T> {
  readonly group: Group;
  /** Two of one key are the same thing. */
  key(each: T): string;
  /** What may differ, and what is told of one that came or went. */
  fields(each: T): Readonly<Record<string, unknown>>;
}

/** Things of two lists by their key, in its order. Of several with one key those are told that are in one list alone. */
export function compareLists<T>(
  { group, key, fields }: Comparison<T>,
  before: readonly T[],
  after: readonly T[],
  system: number | null,
): readonly Change[] {
  const [old, now] = [Map.groupBy(before, key), Map.groupBy(after, key)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort(byCode);
  return names.flatMap((name): readonly Change[] => {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []].map((list) => list.map(fields)) as [Told[], Told[]];
    return unlike(was, is).map(([a, b]): Change => {
      return { group, change: kindOf(a, b), system, name, from: null, fields: pairs(a ?? {}, b ?? {}) };
    });
  });
}

type Told = Readonly<Record<string, unknown>>;

/** What has no equal in the other list: one that is left in each is the same thing, changed. */
function unlike(was: readonly Told[], is: readonly Told[]): readonly (readonly [Told | undefined, Told | undefined])[] {
  const [old, now] = [without(was, is), without(is, was)];
  if (old.length === 1 && now.length === 1) return [[old[0], now[0]]];
  return [...old.map((each) => [each, undefined] as const), ...now.map((each) => [undefined, each] as const)];
}

function without(list: readonly Told[], others: readonly Told[]): readonly Told[] {
  const equals = new Map<string, number>();
  for (const each of others) equals.set(JSON.stringify(each), (equals.get(JSON.stringify(each)) ?? 0) + 1);
  return list.filter((each) => {
    const left = equals.get(JSON.stringify(each)) ?? 0;
    equals.set(JSON.stringify(each), left - 1);
    return left <= 0;
  });
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const kindOf = (was: unknown, is: unknown): "added" | "removed" | "modified" =>
  was === undefined ? "added" : is === undefined ? "removed" : "modified";

/** The values that are not the same, by their field; null stands for a field that is missing. */
export function pairs(
  was: Readonly<Record<string, unknown>>,
  is: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Pair>> {
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  const found = [...names].map((name): [string, Pair] => [name, [was[name] ?? null, is[name] ?? null]]);
  return Object.fromEntries(found.filter(([, [a, b]]) => JSON.stringify(a) !== JSON.stringify(b)));
}
