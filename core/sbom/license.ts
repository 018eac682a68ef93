/** What packages say of their licence: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
import { fixupSpdxId, isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";

/** A licence as a package tells it. */
export type License =
  /** One of SPDX's list. */
  | { readonly kind: "id"; readonly id: string }
  /** Several of them, and references, in SPDX's words. */
  | { readonly kind: "expression"; readonly text: string; readonly references: readonly string[] }
  /** Anything else, in the package's words. */
  | { readonly kind: "name"; readonly name: string };

/** Reads what a package says; null where it says nothing. Words are joined by AND, OR and WITH in capitals alone, as SPDX has it. */
export function parseLicense(text: string): License | null {
  const name = text.trim();
  if (name === "") return null;
  return expressionOf(name.match(/[()]|[^\s()]+/g) ?? []) ?? { kind: "name", name };
}

/** Kinds of words, and those that may follow each: licences, exceptions, AND and OR, WITH, brackets. */
const AFTER = { start: "L(", L: "AW)", X: "A)", A: "L(", W: "X", "(": "L(", ")": "A)" } as const;
const LAST = "LX)";

interface Word {
  readonly kind: Exclude<keyof typeof AFTER, "start">;
  readonly text: string;
}

/** Null for what is no expression, or names a licence that is not on the list. */
function expressionOf(tokens: readonly string[]): License | null {
  const words = tokens.map(wordOf).filter((word) => word !== null);
  if (words.length < tokens.length || !isOrdered(words) || !isBalanced(words)) return null;
  const references = words.flatMap(({ text }) => (REFERENCE.test(text) ? [text] : []));
  const [only = ""] = words.map(({ text }) => text);
  if (words.length === 1 && references.length === 0) return { kind: "id", id: only };
  const text = words.map((word) => word.text).join(" ");
  return {
    kind: "expression",
    text: text.replaceAll("( ", "(").replaceAll(" )", ")"),
    references: [...new Set(references)],
  };
}

function isOrdered(words: readonly Word[]): boolean {
  const follows = words.every(({ kind }, at) => AFTER[words[at - 1]?.kind ?? "start"].includes(kind));
  return follows && LAST.includes(words.at(-1)?.kind ?? "start");
}

function isBalanced(words: readonly Word[]): boolean {
  let depth = 0;
  const closes = words.every(({ kind }) => {
    depth += kind === "(" ? 1 : kind === ")" ? -1 : 0;
    return depth >= 0;
  });
  return closes && depth === 0;
}

const REFERENCE = /^LicenseRef-[A-Za-z0-9.-]+$/;
const EXCEPTION = /-exception\b|-note$/i;

function wordOf(token: string): Word | null {
  if (token === "(" || token === ")") return { kind: token, text: token };
  if (token === "AND" || token === "OR") return { kind: "A", text: token };
  if (token === "WITH") return { kind: "W", text: token };
  if (REFERENCE.test(token)) return { kind: "L", text: token };
  const known = onList(token);
  // The list holds exceptions among the licences, and elder licences with one of them, which spdx-tools takes for exceptions.
  if (known === null || (EXCEPTION.test(known) && /-with-/i.test(known))) return null;
  return { kind: EXCEPTION.test(known) ? "X" : "L", text: known };
}

/** As the list spells it. The library looks names up in an object, which has more than was put there: `constructor`. */
function onList(token: string): string | null {
  const found: unknown = fixupSpdxId(token);
  return isSupportedSpdxId(found) ? found : null;
}
