import { describe, expect, it } from "vitest";
import type { PackageFormat } from "../../../core/guest/packages/package.ts";
import { versionOrder } from "../../../core/guest/packages/version-order.ts";
import { Random } from "../../support/random.ts";
import { run } from "../../support/tool.ts";

const PAIRS = 1000;

/** Versions that are near one another: the second one is the first with a few of its characters changed. */
function pairs(seed: number, alphabet: string): readonly (readonly [string, string])[] {
  const random = new Random(seed);
  const char = () => random.pick([...alphabet]);
  const text = () => Array.from({ length: 1 + random.below(8) }, char).join("");
  const version = () =>
    `${random.below(4) === 0 ? `${random.below(3)}:` : ""}${random.below(10)}${text()}${random.below(3) === 0 ? "" : `-${1 + random.below(3)}${text().replaceAll("-", "")}`}`;
  return Array.from({ length: PAIRS }, () => {
    const one = version();
    if (random.below(3) === 0) return [one, version()];
    const at = 2 + random.below(one.length);
    return [one, random.below(2) ? one.slice(0, at) + char() + one.slice(at) : one.slice(0, at) + one.slice(at + 1)];
  });
}

/** What each family's own tool says of all pairs. */
const TOOLS: Readonly<
  Record<
    string,
    { readonly alphabet: string; readonly ask: (all: ReturnType<typeof pairs>) => Promise<readonly number[]> }
  >
> = {
  deb: {
    alphabet: "0019.ab~+.",
    ask: async (all) => {
      const script = all.map(
        ([a, b]) =>
          `for o in lt eq gt; do dpkg --compare-versions '${a}' $o '${b}' 2>/dev/null && echo $o && break; done`,
      );
      const words = (await run("sh", ["-c", script.join("\n")])).trim().split("\n");
      return words.map((word) => ["lt", "eq", "gt"].indexOf(word) - 1);
    },
  },
  rpm: {
    alphabet: "0019.abZ~^+_",
    ask: async (all) => {
      const calls = all.map(
        ([a, b]) =>
          `print(rpm.ver("${a}") < rpm.ver("${b}") and -1 or (rpm.ver("${a}") == rpm.ver("${b}") and 0 or 1), "\\n")`,
      );
      return (await run("rpm", ["--eval", `%{lua:${calls.join("\n")}}`])).trim().split(/\s+/).map(Number);
    },
  },
  pacman: {
    alphabet: "0019.abZ+_.",
    ask: async (all) => {
      const script = all.map(([a, b]) => `vercmp '${a}' '${b}'`);
      return (await run("sh", ["-c", script.join("\n")])).trim().split("\n").map(Number);
    },
  },
  nix: {
    alphabet: "0019.abpre+_",
    ask: async (all) => {
      const calls = all.map(([a, b]) => `(builtins.compareVersions "${a}" "${b}")`);
      return JSON.parse(
        await run("nix-instantiate", ["--eval", "--strict", "--json", "--expr", `[${calls.join(" ")}]`]),
      );
    },
  },
};

describe("the order of versions", () => {
  it.each(Object.keys(TOOLS) as PackageFormat[])("of %s is that of its own tool", async (format) => {
    const { alphabet, ask } = TOOLS[format] as (typeof TOOLS)[string];
    const order = versionOrder(format);
    const all = pairs(format.length, alphabet);
    const told = await ask(all);
    expect(told.length).toBe(PAIRS);
    const wrong = all.flatMap(([a, b], at) =>
      order?.(a, b) === told[at] ? [] : [`${a} ${b}: ${order?.(a, b)}, and ${format} says ${told[at]}`],
    );
    expect(wrong).toEqual([]);
  });

  it("is the same backwards, and equal with itself", () => {
    for (const format of ["deb", "rpm", "pacman", "nix"] as const) {
      const order = versionOrder(format);
      for (const [a, b] of pairs(99, "0019.ab~^+_")) {
        expect([order?.(a, a), (order?.(a, b) ?? 0) + (order?.(b, a) ?? 0)]).toEqual([0, 0]);
      }
    }
  });
});
