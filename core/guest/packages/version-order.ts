import { nixOrder } from "./nix/order.ts";
import type { PackageFormat } from "./package.ts";
import { apkOrder, ebuildOrder, type VersionOrder } from "./suffix-order.ts";

const DIGITS = /^\d*/;
const LETTERS = /^[A-Za-z]*/;

const sign = (value: number): number => (value < 0 ? -1 : value > 0 ? 1 : 0);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Numbers of any length, as text. */
function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.replace(/^0+/, "")) as [string, string];
  return sign(left.length - right.length) || byText(left, right);
}

interface Parts {
  readonly epoch: string;
  readonly version: string;
  readonly release: string | null;
}

/** `[epoch:]version[-release]`, the release behind the last hyphen. */
function partsOf(text: string): Parts {
  const colon = /^(\d*):/.exec(text);
  const rest = colon ? text.slice(colon[0].length) : text;
  const hyphen = rest.lastIndexOf("-");
  const release = hyphen < 0 ? null : rest.slice(hyphen + 1);
  return { epoch: colon?.[1] || "0", version: hyphen < 0 ? rest : rest.slice(0, hyphen), release };
}

/** By epoch, version and release, each in the order given. */
const byParts =
  (order: VersionOrder, missing: "least" | "any"): VersionOrder =>
  (left, right) => {
    const [a, b] = [partsOf(left), partsOf(right)];
    const before = byNumber(a.epoch, b.epoch) || order(a.version, b.version);
    if (before !== 0 || (missing === "any" && (a.release === null || b.release === null))) return before;
    return order(a.release ?? "", b.release ?? "");
  };

/** deb-version(7): what is no digit, then what is, by turns; `~` before everything, even the end, letters before the rest. */
function dpkgOrder(a: string, b: string): number {
  const rank = (char: string | undefined): number => {
    if (char === undefined || /\d/.test(char)) return 0;
    if (char === "~") return -1;
    return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
  };
  let [left, right] = [a, b];
  while (left !== "" || right !== "") {
    const [x, y] = [/^\D*/.exec(left)?.[0] ?? "", /^\D*/.exec(right)?.[0] ?? ""];
    for (let at = 0; at < Math.max(x.length, y.length); at++) {
      const order = rank(x[at]) - rank(y[at]);
      if (order !== 0) return sign(order);
    }
    [left, right] = [left.slice(x.length), right.slice(y.length)];
    const [m, n] = [DIGITS.exec(left)?.[0] ?? "", DIGITS.exec(right)?.[0] ?? ""];
    const order = byNumber(m, n);
    if (order !== 0) return order;
    [left, right] = [left.slice(m.length), right.slice(n.length)];
  }
  return 0;
}

/** rpmvercmp (rpm's rpmio/rpmvercmp.c): runs of digits or letters; `~` before the end, `^` behind it and before all else. */
function rpmOrder(a: string, b: string): number {
  let [left, right] = [a, b];
  for (;;) {
    [left, right] = [left, right].map((text) => text.replace(/^[^A-Za-z0-9~^]+/, "")) as [string, string];
    const mark = ["~", "^"].find((each) => left.startsWith(each) || right.startsWith(each));
    if (mark === "^" && (left === "" || right === "")) return left === "" ? -1 : 1;
    if (mark !== undefined) {
      if (!left.startsWith(mark)) return 1;
      if (!right.startsWith(mark)) return -1;
      [left, right] = [left.slice(1), right.slice(1)];
      continue;
    }
    if (left === "" || right === "") return sign(left.length - right.length);
    const isNumber = /^\d/.test(left);
    const run = isNumber ? DIGITS : LETTERS;
    const [x, y] = [run.exec(left)?.[0] ?? "", run.exec(right)?.[0] ?? ""];
    if (y === "") return isNumber ? 1 : -1;
    const order = isNumber ? byNumber(x, y) : byText(x, y);
    if (order !== 0) return order;
    [left, right] = [left.slice(x.length), right.slice(y.length)];
  }
}

/** vercmp (libalpm's version.c): rpm's elder order; more between two runs is newer, and letters left over are older. */
function alpmOrder(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== "" && right !== "") {
    const gap = /^[^A-Za-z0-9]*/;
    const [s, t] = [gap.exec(left)?.[0] ?? "", gap.exec(right)?.[0] ?? ""];
    [left, right] = [left.slice(s.length), right.slice(t.length)];
    if (left === "" || right === "") break;
    if (s.length !== t.length) return s.length < t.length ? -1 : 1;
    const isNumber = /^\d/.test(left);
    const run = isNumber ? DIGITS : LETTERS;
    const [x, y] = [run.exec(left)?.[0] ?? "", run.exec(right)?.[0] ?? ""];
    if (y === "") return isNumber ? 1 : -1;
    const order = isNumber ? byNumber(x, y) : byText(x, y);
    if (order !== 0) return order;
    [left, right] = [left.slice(x.length), right.slice(y.length)];
  }
  if (left === "" && right === "") return 0;
  const isLetter = (text: string) => /^[A-Za-z]/.test(text);
  return (left === "" && !isLetter(right)) || isLetter(left) ? -1 : 1;
}

const ORDERS: Partial<Record<PackageFormat, VersionOrder>> = {
  deb: byParts(dpkgOrder, "least"),
  // OpenWrt's opkg took dpkg's (libopkg/pkg.c, pkg_compare_versions).
  opkg: byParts(dpkgOrder, "least"),
  rpm: byParts(rpmOrder, "any"),
  pacman: byParts(alpmOrder, "any"),
  nix: nixOrder,
  apk: apkOrder,
  ebuild: ebuildOrder,
};

/**
 * How a family's versions follow one another, spelled with epoch and release; null where that is not known. Those of apk and
 * ebuild throw `E_VERSION_SYNTAX`.
 */
export const versionOrder = (format: PackageFormat): VersionOrder | null => ORDERS[format] ?? null;
