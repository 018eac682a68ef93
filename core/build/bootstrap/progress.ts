import type { Context } from "../../kit/context.ts";

/** Turns what mmdebstrap and apt print into steps. */
export function followProgress(report: Context["progress"]): (line: string) => void {
  let total = 0;
  let fetched = 0;
  let installed = 0;
  // mmdebstrap runs apt several times: what is still to come is known in part only.
  const step = (phase: string, done: number, detail: string) =>
    report({ phase, done, total: Math.max(total, done), unit: "items", detail });
  return (line) => {
    const [kind, found = ""] = match(line);
    if (kind === "count") total += Number(found);
    // Before the first count it is package lists that are fetched.
    if (kind === "fetch" && total > 0) step("downloading packages", ++fetched, found);
    if (kind === "install") step("installing packages", ++installed, found);
    if (kind === "initramfs") report({ phase: "making the initramfs", detail: found });
  };
}

const LINES: readonly (readonly [string, RegExp])[] = [
  ["count", /^\d+ upgraded, (\d+) newly installed/],
  ["fetch", /^Get:\d+ \S+ \S+ \S+ (\S+)/],
  // usr-is-merged is a stand-in that mmdebstrap's hook lays out first.
  ["install", /^Setting up (?!usr-is-merged )(\S+)/],
  ["initramfs", /^update-initramfs: Generating (\S+)/],
];

function match(line: string): readonly string[] {
  for (const [kind, shape] of LINES) {
    const found = shape.exec(line);
    if (found) return [kind, ...found.slice(1)];
  }
  return [];
}
