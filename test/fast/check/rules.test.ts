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

/** Nine times nine times nine lists, and so on: a few lines that make hundreds of millions of values. */
const BOMB = Array.from({ length: 9 }, (_, at) => {
  const each = at === 0 ? "x" : `*a${at - 1}`;
  return `a${at}: &a${at} [${Array.from({ length: 9 }, () => each).join(", ")}]\n`;
}).join("");

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
    ["version: 1\nrules: { '': { user: { name: x } } }", "E_CHECK_NAME"],
    ["version: 1\nrules: { a: { user: { name: '' } } }", "E_FIELD_LENGTH"],
    ["version: 1\nrules: { a: { user: { name: 7 } } }", "E_FIELD_TYPE"],
    ["version: 1\nrules: { a: yes }", "E_FIELD_TYPE"],
    ["version: 1\nrules: { a: ~ }", "E_FIELD_TYPE"],
    ["version: 1\nrules: [a]", "E_FIELD_TYPE"],
    ["version: 1\nrules: { a: { severity: huge, user: { name: x } } }", "E_FIELD_CHOICE"],
    ["version: 1\nrules: { a: { leftovers: { kinds: [] } } }", "E_FIELD_LENGTH"],
    ["version: 1\nrules: { a: { leftovers: { kinds: [cookies] } } }", "E_FIELD_CHOICE"],
    ["version: 1\nrules: { a: { sshd: { setting: X, allowed: [] } } }", "E_FIELD_LENGTH"],
    ["version: 1\nrules: { a: { file: { path: /x, sha256: abc } } }", "E_FIELD_PATTERN"],
    ["version: 1\nrules: { a: { file: { path: /x, mode: '999' } } }", "E_FIELD_PATTERN"],
    ["version: 1\nrules: { a: { file: { path: /x, matches: '(a{1000}){1000}' } } }", "E_CHECK_PATTERN"],
    ["version: 1\nrules: { a: { package: { name: x, version: '>= 3,, < 4' } } }", "E_CHECK_RANGE"],
    ["version: 1\nrules: { a: { certificates: { days: -1 } } }", "E_FIELD_RANGE"],
    ["version: 1\nwaivers: [{ check: a, reason: ' ', until: 2027-01-01 }]", "E_FIELD_PATTERN"],
    ["version: 1\nwaivers: [{ check: a, reason: b, until: 2027-13-01 }]", "E_CHECK_DAY"],
    ["version: 1\nwaivers: [{ check: a, reason: b, until: next week }]", "E_FIELD_PATTERN"],
    [
      "version: 1\nwaivers: [{ check: a, reason: b, until: 2027-01-01 }, { check: a, reason: c, until: 2027-01-02 }]",
      "E_FIELD_DUPLICATE",
    ],
    ["version: 1\nrules: { a: { user: { name: x } }, a: { user: { name: y } } }", "E_YAML"],
    ["version: 1\nrules: &a { a: *a }", "E_YAML"],
    [`version: 1\n${BOMB}`, "E_YAML"],
    ["version: 1\n---\nversion: 1", "E_YAML"],
    ["- a", "E_CHECK_FILE"],
    ["", "E_CHECK_FILE"],
  ])("%j is refused, with its place and what to do", async (text, code) => {
    const path = await file("wrong.yaml", text);
    const error = await readRuleFile(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, help: expect.stringMatching(/\S/), at: { file: path } });
    const place = code === "E_CHECK_FILE" ? "" : "wrong\\.yaml:\\d+:\\d+: ";
    expect(error.message).toMatch(new RegExp(code === "E_YAML" ? `^Cannot read .*${place}` : `${place}Cannot `));
  });

  it("of a file without end, of none, and of a folder are refused by their names", async () => {
    const rules = Array.from({ length: 200_000 }, (_, at) => `  r${at}: { user: { name: root } }`).join("\n");
    const long = await file("long.yaml", `version: 1\nrules:\n${rules}\n`);
    const codes = { [long]: "E_FILE_SIZE", [join(dir, "gone.yaml")]: "E_CHECK_FILE", [dir]: "E_FILE_KIND" };
    for (const [path, code] of Object.entries(codes)) {
      await expect(readRuleFile(path)).rejects.toMatchObject({
        code,
        message: expect.stringMatching(/^Cannot (?:read|open) /),
        help: expect.stringMatching(/\S/),
      });
    }
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
