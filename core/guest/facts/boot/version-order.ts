/**
 * Orders versions as systemd does (UAPI.10, version format specification): below zero where `a` is the older one. Not a
 * family's own order of packages: entries of boot loaders are named by anybody.
 */
export function compareVersions(a: string, b: string): number {
  let [left, right] = [a, b];
  for (;;) {
    [left, right] = [withoutStrange(left), withoutStrange(right)];
    if (starts(left, right, "~")) {
      if (differ(left, right, "~")) return left.startsWith("~") ? -1 : 1;
      [left, right] = [left.slice(1), right.slice(1)];
    }
    if (left === "" || right === "") return Number(left !== "") - Number(right !== "");
    for (const mark of ["-", "^", "."]) {
      if (!starts(left, right, mark)) continue;
      if (differ(left, right, mark)) return left.startsWith(mark) ? -1 : 1;
      [left, right] = [left.slice(1), right.slice(1)];
    }
    const part = /^\d/.test(left) || /^\d/.test(right) ? /^\d*/ : /^[A-Za-z]*/;
    const [one, other] = [part.exec(left)?.[0] ?? "", part.exec(right)?.[0] ?? ""];
    const order = part.source.includes("d") ? byNumber(one, other) : byLetters(one, other);
    if (order !== 0) return order;
    [left, right] = [left.slice(one.length), right.slice(other.length)];
  }
}

const withoutStrange = (text: string): string => text.replace(/^[^A-Za-z0-9~^.-]+/, "");
const starts = (a: string, b: string, mark: string): boolean => a.startsWith(mark) || b.startsWith(mark);
const differ = (a: string, b: string, mark: string): boolean => a.startsWith(mark) !== b.startsWith(mark);

/** Digits of any length; none are older than any. */
function byNumber(a: string, b: string): number {
  if (a === "" || b === "") return Number(a !== "") - Number(b !== "");
  const [one, other] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return one.length - other.length || byLetters(one, other);
}

function byLetters(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
