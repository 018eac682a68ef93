/** What becomes of what a profile does not allow (apparmor.d(5), profile flags). */
export type ProfileMode = "enforce" | "complain" | "kill" | "unconfined" | "prompt" | "default_allow";

export interface ParsedProfile {
  readonly name: string;
  readonly mode: ProfileMode;
}

const MODES: readonly ProfileMode[] = ["complain", "kill", "unconfined", "prompt", "default_allow", "enforce"];
/** Profiles stand in one another by two levels; what goes on and on is none. */
const MAX_DEPTH = 16;
const MAX_NAME = 256;

/** The profiles of a file and those within them, in their order (apparmor.d(5)). */
export function parseProfiles(text: string): readonly ParsedProfile[] {
  const profiles: ParsedProfile[] = [];
  /** Names of what is open, null of a block that is no profile. */
  const open: (string | null)[] = [];
  let head: readonly string[] = [];
  for (const line of text.split("\n")) {
    let words: string[] = [];
    for (const word of wordsOf(line)) {
      if (word === "{") {
        const found = profileOf(words.length > 0 ? words : head, open.findLast((name) => name !== null) ?? null);
        if (found) profiles.push(found);
        if (open.length < MAX_DEPTH) open.push(found?.name ?? null);
      } else if (word === "}") open.pop();
      else {
        words.push(word);
        continue;
      }
      // A head is of one block: many that follow a long one would each go through it.
      [words, head] = [[], []];
    }
    if (words.length > 0) head = words;
  }
  return profiles;
}

/** Words of a line up to a comment; a brace that opens or closes a block is one, those of a pattern (`/{usr/,}bin`) are none. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/"[^"]*"?|[^\s"]+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return (comment < 0 ? words : words.slice(0, comment)).flatMap((word) =>
    word.endsWith("){") ? [word.slice(0, -1), "{"] : [word],
  );
}

const UNQUOTED = /^"(.*)"$/;

/** What a head says: `profile NAME [ATTACHMENT] [flags=(...)]`, `/a/program flags=(...)`, `^hat`; null of `if` and rules. */
function profileOf(head: readonly string[], parent: string | null): ParsedProfile | null {
  const [first = "", second = ""] = head;
  const isNamed = first === "profile" || first === "hat";
  const word = (isNamed ? second : first).replace(UNQUOTED, "$1");
  if (!isNamed && !/^(?:\^|\/|@\{|:)/.test(word)) return null;
  const name = word.replace(/^\^/, "");
  const whole = parent === null ? name : `${parent}//${name}`;
  return name === "" || whole.length > MAX_NAME ? null : { name: whole, mode: modeOf(head.join(" ")) };
}

function modeOf(head: string): ProfileMode {
  const flags = [...head.matchAll(/\(([^()]*)\)/g)].flatMap(([, list = ""]) => list.split(/[\s,]+/));
  return MODES.find((mode) => flags.includes(mode)) ?? "enforce";
}
