import { GuestkitError } from "./errors.ts";

/** Levels that a value from outside may have: the deepest contract has a dozen, and what walks values calls itself. */
export const MOST_LEVELS = 64;

/** Whether lists and maps lie in one another deeper than that. Calls itself never: it looks before others do. */
export function isDeep(value: unknown): boolean {
  const left: (readonly [value: unknown, level: number])[] = [[value, 0]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [each, level] = next;
    if (typeof each !== "object" || each === null) continue;
    if (level === MOST_LEVELS) return true;
    for (const inner of Object.values(each)) left.push([inner, level + 1]);
  }
  return false;
}

/** JSON from outside. Throws a SyntaxError where it is none, and `E_DEPTH` where it is nested too deeply to be walked. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isDeep(value)) throw tooDeep("the JSON");
  return value;
}

export function tooDeep(what: string): GuestkitError {
  return new GuestkitError("E_DEPTH", `Cannot use ${what}: it is nested more than ${MOST_LEVELS} levels deep`, {
    help: "Nothing that guestkit takes is as deep: look at what wrote it.",
  });
}
