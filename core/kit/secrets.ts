import { printable } from "./name.ts";

/** What stands in a secret's place, in a text and in a plan. */
export const SECRET = "(secret)";
/** Shorter ones turn up within other words: they are taken out where they stand alone. */
const SHORT = 4;
/** Messages show no more than the start of a long text: what follows as much of a secret goes with it. */
const LONG = 48;

let hidden: readonly string[] = [];
let pattern: RegExp | null = null;

/** From here on no message, log line or progress of this process shows these values. */
export function hideSecrets(values: readonly string[]): void {
  const spelled = values.flatMap((each) => [each, ...each.split("\n")]).flatMap(spellings);
  const all = new Set([...hidden, ...spelled.filter((each) => each.trim() !== "")]);
  if (all.size === hidden.length) return;
  // The longest first: one may be a part of another.
  hidden = [...all].toSorted((a, b) => b.length - a.length);
  pattern = hidden.length > 0 ? new RegExp(hidden.map(patternOf).join("|"), "gu") : null;
}

/** A text without the secrets in it. */
export function withoutSecrets(text: string): string {
  return pattern ? text.replace(pattern, SECRET) : text;
}

/** As it is, as JSON has it, and as terminals are shown it. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  printable(secret),
];

function patternOf(secret: string): string {
  if (secret.length > LONG) return `${literally(secret.slice(0, LONG).toWellFormed())}.*`;
  const exact = literally(secret);
  return secret.length < SHORT ? `(?<![\\p{L}\\p{N}_.])${exact}(?![\\p{L}\\p{N}_])` : exact;
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
