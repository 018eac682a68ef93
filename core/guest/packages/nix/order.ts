/** Runs of digits, and runs of what is neither a digit nor a separator. */
const COMPONENT = /\d+|[^\d.-]+/g;
/** Nix takes for a number what an unsigned int holds. */
const MOST = 0xffff_ffff;

/** `builtins.compareVersions` (Nix's libexpr/names.cc): numbers after words, and `pre` before the end. */
export function nixOrder(a: string, b: string): number {
  const [left, right] = [a.match(COMPONENT) ?? [], b.match(COMPONENT) ?? []];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x = "", y = ""] = [left[at], right[at]];
    if (isBefore(x, y)) return -1;
    if (isBefore(y, x)) return 1;
  }
  return 0;
}

function isBefore(a: string, b: string): boolean {
  const [x, y] = [numberIn(a), numberIn(b)];
  if (x !== null && y !== null) return x < y;
  if (a === "" && y !== null) return true;
  if (a === "pre" && b !== "pre") return true;
  if (b === "pre" || x !== null) return false;
  return y !== null || a < b;
}

const numberIn = (text: string): number | null => (/^\d+$/.test(text) && Number(text) <= MOST ? Number(text) : null);
