/** The longest part of a name that is made of a text (characters). */
const LONGEST = 200;

/** Gives names that a document has once, out of texts that may be anything. */
export interface Names {
  /** Letters, digits, `.` and `-` alone: what SPDX lets an id consist of (SPDX 2.3, 7.2). */
  of(text: string): string;
  /** Keeps a name for whoever has it by right. */
  take(name: string): void;
}

export function names(): Names {
  const taken = new Set<string>();
  // Where a name was asked for before, the numbers after it that are taken: thousands may be alike.
  const last = new Map<string, number>();
  const free = (name: string): string => {
    if (!taken.has(name)) return name;
    let number = last.get(name) ?? 1;
    do number++;
    while (taken.has(`${name}-${number}`));
    last.set(name, number);
    return `${name}-${number}`;
  };
  return {
    of: (text) => {
      const name = free(text.slice(0, LONGEST).replace(/[^A-Za-z0-9.-]+/g, "-"));
      taken.add(name);
      return name;
    },
    take: (name) => void taken.add(name),
  };
}
