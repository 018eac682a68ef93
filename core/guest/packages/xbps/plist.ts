import type { GuestkitError } from "../../../kit/errors.ts";
import { withoutEntities } from "../../../kit/xml.ts";

/** An element's start or end, with the text behind it. */
const MARK = /<(\/?)([A-Za-z]+)(?![A-Za-z])([^<>]*)>([^<]*)/g;
const NESTS: ReadonlySet<string> = new Set(["dict", "array"]);
/** Of the dictionary of packages 1, of a package's own 2. */
const [PACKAGES, PACKAGE] = [1, 2];

/**
 * Dictionaries in the dictionary that a property list is, by their names, with their plain values: what is in further ones
 * is passed over. Nothing but the wanted values is kept: a database has a hundred elements a package. Throws what `refuse`
 * makes where it is cut off.
 */
export function* entriesOf(
  text: string,
  refuse: (what: string) => GuestkitError,
): Generator<readonly [name: string, values: ReadonlyMap<string, string>]> {
  const keys: string[] = [];
  let depth = 0;
  let values = new Map<string, string>();
  for (const [, end, name = "", rest = "", content = ""] of text.matchAll(MARK)) {
    const empty = rest.endsWith("/");
    if (NESTS.has(name) && !empty) {
      if (!end && ++depth === PACKAGE) values = new Map();
      if (end && depth-- === PACKAGE) yield [keys[PACKAGES] ?? "", values];
    } else if (end || depth > PACKAGE) continue;
    else if (name === "key") keys[depth] = withoutEntities(content);
    else if (depth === PACKAGE && !empty) values.set(keys[PACKAGE] ?? "", withoutEntities(content));
  }
  if (depth !== 0) throw refuse("it is cut off");
  if (keys.length === 0 && !text.includes("<plist")) throw refuse("it is no property list");
}
