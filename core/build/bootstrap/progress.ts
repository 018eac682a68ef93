import type { Context } from "../../kit/context.ts";

/** Turns what mmdebstrap and apt print into steps. */
export function followProgress(report: Context["progress"]): (line: string) => void {
  let total = 0;
  let fetched = 0;
  let installed = 0;
  return (line) => {
    const [kind, ...found] = match(line);
    if (kind === "lists") report({ phase: "reading package lists" });
    if (kind === "count") total += Number(found[0]);
    if (kind === "fetch" && total > 0) {
      report({ phase: "downloading packages", done: ++fetched, total, unit: "items", detail: found[0] ?? "" });
    }
    if (kind === "install") {
      installed++;
      report({
        phase: "installing packages",
        done: installed,
        total: Math.max(total, installed),
        unit: "items",
        detail: found[0] ?? "",
      });
    }
    if (kind === "initramfs") report({ phase: "making the initramfs", detail: found[0] ?? "" });
  };
}

const LINES: readonly (readonly [string, RegExp])[] = [
  ["lists", /^I: running apt-get update/],
  ["count", /^\d+ upgraded, (\d+) newly installed/],
  ["fetch", /^Get:\d+ \S+ \S+ \S+ (\S+)/],
  ["install", /^Setting up (\S+)/],
  ["initramfs", /^update-initramfs: Generating (\S+)/],
];

function match(line: string): readonly string[] {
  for (const [kind, shape] of LINES) {
    const found = shape.exec(line);
    if (found) return [kind, ...found.slice(1)];
  }
  return [];
}
