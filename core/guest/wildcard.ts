/**
 * Whether a text is what a pattern with `*` and `?` (and, with `sets`, `[a-z]` and `[!a]`) stands for. One pass with one
 * place to go back to: never more than the two lengths multiplied.
 */
export function matchesWildcard(text: string, pattern: string, { sets = false } = {}): boolean {
  const parts = sets ? globParts(pattern) : [...pattern];
  const chars = [...text];
  let [at, part, star, from] = [0, 0, -1, 0];
  while (at < chars.length) {
    const wanted = parts[part];
    if (wanted === "*") [star, from, part] = [part, at, part + 1];
    else if (wanted !== undefined && matchesOne(chars[at] as string, wanted)) [at, part] = [at + 1, part + 1];
    else if (star < 0) return false;
    else [from, at, part] = [from + 1, from + 1, star + 1];
  }
  return parts.slice(part).every((each) => each === "*");
}

/** A set stays one part. */
const globParts = (pattern: string): string[] => pattern.match(/\[[!^]?\]?[^\]]{0,64}\]|./gsu) ?? [];

function matchesOne(char: string, part: string): boolean {
  if (part === "?" || part === char) return true;
  if (part.length < 3) return false;
  const negated = /^[!^]/.test(part[1] ?? "");
  const set = part.slice(negated ? 2 : 1, -1);
  return inSet(char, set) !== negated;
}

function inSet(char: string, set: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const last = set[at + 1] === "-" && at + 2 < set.length ? set[at + 2] : set[at];
    if (char >= (set[at] as string) && char <= (last as string)) return true;
    if (last !== set[at]) at += 2;
  }
  return false;
}

/** glob(7) of a whole path: segment by segment, hidden names only where the pattern has the dot itself. */
export function matchesGlob(path: string, pattern: string): boolean {
  const [names, parts] = [path.split("/"), pattern.split("/")];
  return names.length === parts.length && names.every((name, at) => matchesName(name, parts[at] as string));
}

/** The same of one name. */
export function matchesName(name: string, pattern: string): boolean {
  return (!name.startsWith(".") || pattern.startsWith(".")) && matchesWildcard(name, pattern, { sets: true });
}
