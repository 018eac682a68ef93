import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { readJunit } from "../../support/junit-parser.ts";
import { sarifFaults, sarifFindings } from "../../support/sarif-multitool.ts";
import { scratch } from "../../support/scratch.ts";
import { makeSmallSystem } from "../../support/small-system.ts";

const dir = await scratch("check-reports");
const IMAGE = "a b#ü%<&>.img";
await makeSmallSystem(join(dir, IMAGE), { "etc/ssh/ssh_host_rsa_key": "a key\n" });
const TITLE = '<a> & "b" ü \u{1F600} ]]>\n\u0001\ttwo lines';
await writeFile(
  join(dir, "rules.yaml"),
  `version: 1
profiles: [golden-image, hardened]
rules:
  bad: { title: ${JSON.stringify(TITLE)}, severity: critical, user: { name: root, state: absent } }
  "odd name: <&'\\">": { severity: low, sshd: { setting: X, allowed: [x] }, title: it has no server }
  told: { severity: info, user: { name: root, uid: 1 } }
  untold: { file: { path: "/a\\u0002b" } }
waivers: [{ check: no-host-keys, reason: "so & so\\nand so", until: "2999-12-31" }]
`,
);
const STATES = ["passed", "failed", "error", "waived"] as const;

interface Result {
  readonly check: string;
  readonly state: (typeof STATES)[number];
  readonly severity: string;
}

async function told(format: string): Promise<string> {
  const { stdout, exitCode, stderr } = await guestkit(["check", IMAGE, "rules.yaml", "--format", format], { cwd: dir });
  expect(exitCode, stderr).toBe(2);
  await writeFile(join(dir, `report.${format}`), stdout);
  return join(dir, `report.${format}`);
}

const results: readonly Result[] = JSON.parse(await readFile(await told("json"), "utf8")).results;

it("has a case of each state to tell", () => {
  expect(STATES.filter((state) => !results.some((each) => each.state === state))).toEqual([]);
});

it("SARIF is as its schema has it, and as its makers and GitHub's code scanning ask", async () => {
  const [file, faultsOf] = [await told("sarif"), await sarifFaults()];
  const log = JSON.parse(await readFile(file, "utf8"));
  expect(faultsOf(log)).toEqual([]);
  const findings = await sarifFindings(file);
  // An image has no lines (SARIF2017), and guestkit no page of its own yet (SARIF2005).
  expect(findings.filter(({ ruleId }) => !["SARIF2005", "SARIF2017"].includes(ruleId))).toEqual([]);
  const [{ tool, results: found }] = log.runs;
  expect(tool.driver.rules).toHaveLength(results.length);
  const broken = results.filter(({ state }) => state !== "passed");
  expect(found.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(broken.map(({ check }) => check));
  const [{ locations }] = found;
  expect(decodeURIComponent(locations[0].physicalLocation.artifactLocation.uri)).toBe(IMAGE);
  // They do see what is wrong.
  expect(faultsOf({ ...log, runs: [{ results: [] }] })).not.toEqual([]);
  const rules = tool.driver.rules.map(({ help: _, ...each }: { help: unknown }) => each);
  const wrong = join(dir, "wrong.sarif");
  await writeFile(
    wrong,
    JSON.stringify({ ...log, runs: [{ tool: { driver: { ...tool.driver, rules } }, results: found }] }),
  );
  expect((await sarifFindings(wrong)).filter(({ level }) => level === "error")).not.toEqual([]);
});

it("JUnit is read by a library that others use, with what is counted", async () => {
  const { cases, said, counted } = await readJunit(await told("junit"));
  expect(counted).toEqual(said);
  const kinds = { passed: [], failed: ["Failure"], error: ["Error"], waived: ["Skipped"] };
  const wanted = results.map(({ check, state, severity }) => {
    const isTold = severity === "info" && state !== "passed";
    return { suite: IMAGE, classname: IMAGE, name: check, kinds: isTold ? ["Skipped"] : kinds[state] };
  });
  const found = cases.map(({ results: of, ...each }) => ({ ...each, kinds: of.map(([kind]) => kind) }));
  expect(found).toEqual(wanted);
  const bad = cases.find(({ name }) => name === "bad")?.results[0]?.[1];
  expect(bad).toBe(`${TITLE.replace("\u0001", "\ufffd")}: there is a user root`);
});
