import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PROFILES, type RuleSet, ruleWarnings, stopping, waive } from "../../../core/check/index.ts";
import type { Result } from "../../../core/check/rule.ts";
import published from "../../../core/generated/schemas/check-rules.json" with { type: "json" };
import { ruleFields } from "../../../core/model/contracts/checks/rule.ts";
import {
  declaredRules,
  mergedSets,
  profileRules,
  readRuleFile,
  ruleFaults,
} from "../../../core/resource/checks/rules.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("check-rules");
const schema = z.strictObject({ version: z.literal(1), ...ruleFields });

type Canonical<T> = T extends readonly (infer E)[]
  ? readonly Canonical<E>[]
  : T extends object
    ? {
        readonly [K in keyof T]-?: undefined extends T[K]
          ? Canonical<Exclude<T[K], undefined>> | null
          : Canonical<T[K]>;
      }
    : T;
type Schema = Canonical<z.output<typeof schema>>;

async function file(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, text);
  return path;
}

describe("rules", () => {
  it("have the types of their schema", () => {
    const there: (value: Pick<RuleSet, "rules" | "waivers">) => Pick<Schema, "rules" | "waivers"> = (value) => value;
    const back: (value: Pick<Schema, "rules" | "waivers">) => Pick<RuleSet, "rules" | "waivers"> = (value) => value;
    expect(back(there({ rules: {}, waivers: [] }))).toEqual({ rules: {}, waivers: [] });
  });

  it.each(Object.keys(PROFILES))("of the profile %s are right, and say what they ask for", (name) => {
    const given = { version: 1, rules: PROFILES[name] };
    expect(schema.safeParse(given).error).toBeUndefined();
    expect(z.fromJSONSchema(published as never).safeParse(given).error).toBeUndefined();
    expect(ruleFaults(given as never)).toEqual([]);
    expect(Object.values(profileRules(name)).filter(({ title }) => title === null)).toEqual([]);
  });

  it("of a file are filled in, its profiles below its own", async () => {
    const text = `version: 1
profiles: [golden-image]
rules:
  no-logs: { severity: info, leftovers: { kinds: [logs], allowed: [/var/log/build.log] } }
  motd: { file: { path: /etc//motd, mode: 644 } }
waivers:
  - { check: no-leases, reason: wanted, until: 2027-01-31 }
`;
    const wrong = readRuleFile(await file("number.yaml", text));
    await expect(wrong).rejects.toThrow(/number\.yaml:5:43: .*rules\.motd\.file\.mode/);
    const { rules, waivers } = await readRuleFile(await file("text.yaml", text.replace("644", '"644"')));
    expect(rules["no-logs"]?.leftovers?.allowed).toEqual(["/var/log/build.log"]);
    expect(rules["no-host-keys"]?.severity).toBe("critical");
    expect(rules.motd).toMatchObject({ severity: "medium", title: null, package: null });
    expect(rules.motd?.file).toMatchObject({ path: "/etc/motd", mode: "0644", state: "present", owner: null });
    expect(waivers).toEqual([{ check: "no-leases", reason: "wanted", until: "2027-01-31" }]);
  });

  it.each([
    ["rules: {}", "E_CHECK_FILE"],
    ["version: 2", "E_CHECK_FILE"],
    ["version: 1\nrules: { a: {} }", "E_CHECK_EMPTY"],
    ["version: 1\nrules: { a: { pakage: { name: x } } }", "E_FIELD_UNKNOWN"],
    ["version: 1\nrules: { a: { package: { name: x, state: optional } } }", "E_CHECK_EMPTY"],
    ["version: 1\nrules: { a: { package: { name: x, state: absent, version: '< 3' } } }", "E_CHECK_ABSENT"],
    ["version: 1\nrules: { a: { file: { path: /x, state: absent, mode: '0644' } } }", "E_CHECK_ABSENT"],
    ["version: 1\nrules: { a: { package: { name: x }, user: { name: x } } }", "E_FIELD_CONFLICT"],
    ["version: 1\nrules: { a: { package: { name: x, version: '3' } } }", "E_CHECK_RANGE"],
    ["version: 1\nrules: { a: { file: { path: /x, matches: '(' } } }", "E_CHECK_PATTERN"],
    ["version: 1\nrules: { a: { file: { path: x } } }", "E_FIELD_PATTERN"],
    ["version: 1\nprofiles: [silver]", "E_FIELD_CHOICE"],
    ["version: 1\nwaivers: [{ check: a, reason: b }]", "E_FIELD_REQUIRED"],
    ["version: 1\nwaivers: [{ check: a, reason: b, until: 2027-02-30 }]", "E_CHECK_DAY"],
    ["version: 1\non_failure: keep", "E_FIELD_UNKNOWN"],
    ["version: 1: 2", "E_YAML"],
  ])("%j is refused, with its place", async (text, code) => {
    const path = await file("wrong.yaml", text);
    await expect(readRuleFile(path)).rejects.toMatchObject({
      code,
      help: expect.stringMatching(/\S/),
      at: { file: path },
    });
  });

  it("of later sets, and of a declaration, stand above the others", async () => {
    const path = await file(
      "low.yaml",
      "version: 1\nrules: { a: { severity: low, user: { name: x } }, b: { user: { name: b } } }",
    );
    const own = { a: { severity: "high", user: { name: "y" } } };
    const { rules } = await declaredRules({ profiles: [], rules: own, waivers: [], file: path } as never);
    expect([rules.a?.severity, Object.keys(rules)]).toEqual(["high", ["a", "b"]]);
    const low = await readRuleFile(path);
    const odd = await readRuleFile(await file("odd.yaml", "version: 1\nrules: { __proto__: { user: { name: x } } }"));
    expect(Object.keys(mergedSets([low, odd]).rules)).toEqual(["a", "b", "__proto__"]);
    expect(mergedSets([{ rules: own, waivers: [] } as never, low]).rules.a?.severity).toBe("low");
  });
});

it("a later waiver of the same rule takes the place of an earlier one, also where it is over", () => {
  const of = (until: string) => ({ rules: {}, waivers: [{ check: "a", reason: "r", until }] });
  expect(mergedSets([of("2999-01-01"), of("2001-01-01")]).waivers).toEqual(of("2001-01-01").waivers);
});

describe("a waiver", () => {
  const result = (check: string, state: Result["state"]): Result => ({
    ...{ check, title: null, severity: "high", system: 0, state, reasons: ["why"], waiver: null },
  });
  const waivers = [{ check: "a", reason: "known", until: "2027-01-31" }];

  it("counts to the end of its last day, for what failed and for what cannot be told", () => {
    const all = [result("a", "failed"), result("a", "error"), result("a", "passed"), result("b", "failed")];
    const states = (day: string) => waive(all, waivers, day).map(({ state }) => state);
    expect(states("2027-01-31")).toEqual(["waived", "waived", "passed", "failed"]);
    expect(states("2027-02-01")).toEqual(["failed", "error", "passed", "failed"]);
    expect(stopping(waive(all, waivers, "2027-01-31")).map(({ check }) => check)).toEqual(["b"]);
  });

  it("that names no rule, or is past its day, is told", () => {
    const set = { rules: { a: {} }, waivers: [...waivers, { check: "c", reason: "r", until: "2030-01-01" }] } as never;
    expect(ruleWarnings(set, "2026-11-30")).toEqual(['a waiver names "c", and there is no such rule']);
    expect(ruleWarnings({ rules: {}, waivers: [] }, "2026-11-30")).toEqual(["there is no rule: nothing is judged"]);
    expect(ruleWarnings(set, "2027-02-01")).toEqual([
      'the waiver of "a" counts no more: it ended on 2027-01-31',
      'a waiver names "c", and there is no such rule',
    ]);
  });
});
