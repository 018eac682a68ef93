import { GuestkitError } from "../../kit/errors.ts";

/** Less than 0 where `a` is the older one, 0 where neither is. */
export type VersionOrder = (a: string, b: string) => number;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** Numbers of any length. */
const byNumber = (a: string, b: string): number => {
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return Math.sign(left.length - right.length) || byText(left, right);
};

/** `1.2.3a_rc1_p2-r4`, and apk's hash of a commit. */
const VERSION = /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(~[0-9a-f]+)?(?:-r(\d+))?$/;
/** What comes before a version without a suffix, and what after it. */
const BEFORE = ["alpha", "beta", "pre", "rc"];
const AFTER = ["cvs", "svn", "git", "hg", "p"];

interface Suffix {
  readonly rank: number;
  /** Null where none stands there. */
  readonly number: string | null;
}

interface Parts {
  readonly numbers: readonly string[];
  readonly letter: string;
  readonly suffixes: readonly Suffix[];
  readonly hash: string;
  readonly revision: string | null;
}

/** Throws `E_VERSION_SYNTAX`. */
function partsOf(text: string): Parts {
  const [all, numbers = "", letter = "", suffixes = "", hash = "", revision = null] = VERSION.exec(text) ?? [];
  const found = suffixes.split("_").slice(1).map(suffixOf);
  if (all === undefined || !found.every(({ rank }) => rank !== 0)) throw notOne(text);
  return { numbers: numbers.split("."), letter, suffixes: found, hash, revision };
}

/** Less than 0 before a version without, more behind it; 0 where it is not known. */
function suffixOf(text: string): Suffix {
  const [, name = "", number = ""] = /^([a-z]+)(\d*)$/.exec(text) ?? [];
  const rank = BEFORE.includes(name) ? BEFORE.indexOf(name) - BEFORE.length : AFTER.indexOf(name) + 1;
  return { rank, number: number || null };
}

function notOne(text: string): GuestkitError {
  return new GuestkitError("E_VERSION_SYNTAX", `Cannot order the version "${text}": its family has none like it`, {
    help: "One looks like 1.2.3, 1.2.3_rc1 or 1.2.3a-r4.",
  });
}

/** The first that is not 0 of pairs that stand side by side; what one of them has more is judged by `more`. */
function inTurn<T>(a: readonly T[], b: readonly T[], order: (x: T, y: T) => number, more: (each: T) => number): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [x, y] = [a[at], b[at]];
    const before = x === undefined ? -more(y as T) : y === undefined ? more(x) : order(x, y);
    if (before !== 0) return before;
  }
  return 0;
}

/** By numbers, letter, suffixes, hash and revision. `numbers` orders what stands behind a dot, `absent` is a number left out. */
const bySuffixes =
  (numbers: VersionOrder, absent: string | null): VersionOrder =>
  (left, right) => {
    const [a, b] = [partsOf(left), partsOf(right)];
    const optional = (x: string | null, y: string | null): number => {
      const [one, other] = [x ?? absent, y ?? absent];
      return one === null || other === null ? Number(one !== null) - Number(other !== null) : byNumber(one, other);
    };
    const isSuffix = (x: Suffix, y: Suffix) => Math.sign(x.rank - y.rank) || optional(x.number, y.number);
    return (
      byNumber(a.numbers[0] ?? "", b.numbers[0] ?? "") ||
      inTurn(a.numbers.slice(1), b.numbers.slice(1), numbers, () => 1) ||
      byText(a.letter, b.letter) ||
      inTurn(a.suffixes, b.suffixes, isSuffix, ({ rank }) => Math.sign(rank)) ||
      byText(a.hash, b.hash) ||
      optional(a.revision, b.revision)
    );
  };

const startsWithZero = (a: string, b: string) => a.startsWith("0") || b.startsWith("0");

/** apk-tools' src/version.c (apk_version_compare): a leading zero makes both texts; a number that is there is the newer one. */
export const apkOrder: VersionOrder = bySuffixes(
  (a, b) => (startsWithZero(a, b) ? byText(a, b) : byNumber(a, b)),
  null,
);

const withoutZeros = (text: string): string => text.replace(/0+$/, "");

/** PMS 3.3: zeros at the end of such a text mean nothing, and a number that is left out is 0. */
export const ebuildOrder: VersionOrder = bySuffixes(
  (a, b) => (startsWithZero(a, b) ? byText(withoutZeros(a), withoutZeros(b)) : byNumber(a, b)),
  "0",
);
