import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { exportedName, toPulumi } from "../../../pulumi/face/names.ts";
import { guestkit } from "../../support/cli.ts";
import { findEngine } from "../../support/engines.ts";
import { PulumiProject } from "../../support/pulumi.ts";
import { scratch } from "../../support/scratch.ts";
import { belongsHere } from "../../support/slow.ts";
import { makeSmallSystem } from "../../support/small-system.ts";
import { onEveryEngine, workspace } from "../terraform/workspace.ts";

const dir = await scratch("wrong-questions");
const at = (name: string) => join(dir, name);
const image = at("system.img");
await makeSmallSystem(image, {});
await mkdir(at("folder"));
await writeFile(at("text.img"), "no image\n");
await writeFile(at("wrong.yaml"), "version: 1\nrules:\n  a: { user: { name: 7 } }\n");

interface Question {
  readonly contract: string;
  readonly input: ValueObject;
  readonly code: string;
  /** What cannot be, and why: Terraform has a line for each. */
  readonly says: readonly RegExp[];
}

const inspection = (input: ValueObject, code: string, says: readonly RegExp[]): Question => ({
  ...{ contract: "inspection", code, says },
  input: { disk_image: image, ...input },
});
const checks = (of: ValueObject, code: string, says: readonly RegExp[]) => inspection({ checks: of }, code, says);
const rule = (of: ValueObject, code: string, says: readonly RegExp[]) => checks({ rules: { a: of } }, code, says);
const until = (day: string, code: string, says: readonly RegExp[]) =>
  checks({ waivers: [{ check: "a", reason: "r", until: day }] }, code, says);

const QUESTIONS: readonly Question[] = [
  inspection({ facts: ["acces"] }, "E_FIELD_CHOICE", [/Cannot use facts\[0\] = "acces"/i]),
  checks({ profiles: ["silver"] }, "E_FIELD_CHOICE", [/Cannot use checks\.profiles\[0\] = "silver"/i]),
  rule({}, "E_CHECK_EMPTY", [/Cannot use the rule "a"/, /it says nothing/i]),
  rule({ severity: "huge", user: { name: "x" } }, "E_FIELD_CHOICE", [
    /Cannot use checks\.rules\.a\.severity = "huge"/i,
  ]),
  rule({ user: { name: "" } }, "E_FIELD_LENGTH", [/Cannot use checks\.rules\.a\.user\.name/, /it is empty/i]),
  rule({ leftovers: { kinds: [] } }, "E_FIELD_LENGTH", [
    /Cannot use checks\.rules\.a\.leftovers\.kinds/,
    /it is empty/i,
  ]),
  rule({ package: { name: "x", version: "3" } }, "E_CHECK_RANGE", [/Cannot use the versions "3"/, /"3" is no bound/i]),
  rule({ package: { name: "x" }, user: { name: "x" } }, "E_FIELD_CONFLICT", [/together/, /only one may be given/i]),
  until("2027-02-30", "E_CHECK_DAY", [/Cannot use the waiver of "a"/, /"2027-02-30" is no day/i]),
  until("soon", "E_FIELD_PATTERN", [/Cannot use checks\.waivers\[0\]\.until = "soon"/i]),
  checks({ file: at("gone.yaml") }, "E_CHECK_FILE", [/Cannot open ".*gone\.yaml"/, /there is no such file/i]),
  checks({ file: at("wrong.yaml") }, "E_FIELD_TYPE", [
    /wrong\.yaml:3:22: Cannot use rules\.a\.user\.name/,
    /it must be text/i,
  ]),
  inspection({ disk_image: at("gone.img") }, "E_SOURCE_OPEN", [/Cannot open ".*gone\.img"/, /there is no such file/i]),
  inspection({ disk_image: at("folder") }, "E_SOURCE_KIND", [/Cannot open ".*folder"/, /it is a directory/i]),
  inspection({ disk_image: at("text.img") }, "E_", [/Cannot open ".*text\.img"/, /it is text, no disk image/i]),
  {
    ...{ contract: "image_sbom", input: { disk_image: image }, code: "E_SBOM_INCOMPLETE" },
    says: [/Cannot list all software of .*no package manager lists/i],
  },
  {
    ...{ contract: "image_sbom", input: { disk_image: image, format: "xml" }, code: "E_FIELD_CHOICE" },
    says: [/Cannot use format = "xml"/i],
  },
  {
    ...{ contract: "image_diff", input: { before: at("gone.img"), after: image }, code: "E_SOURCE_OPEN" },
    says: [/Cannot open ".*gone\.img"/, /there is no such file/i],
  },
];

/** Each alone: what was told of it has its message and its code. */
function expectTold(told: readonly string[]): void {
  const wrong = QUESTIONS.flatMap(({ says, code }, index) => {
    const text = (told[index] ?? "").replace(/\s+/g, " ");
    return says.every((each) => each.test(text)) && text.includes(code)
      ? []
      : [`${says.join(" ")} (${code}): ${text.slice(0, 400)}`];
  });
  expect(wrong).toEqual([]);
}

onEveryEngine((engine) => {
  it("tells of each wrong question what is wrong with it, and where", async () => {
    const block = ({ contract, input }: Question, index: number) => {
      const fields = Object.entries(input).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}\n`);
      return `data "guestkit_${contract}" "q${index}" {\n${fields.join("")}}\n`;
    };
    const work = await workspace(engine, "");
    const told = async (which: readonly number[], ...args: readonly string[]) => {
      await work.configure(which.map((index) => block(QUESTIONS[index] as Question, index)).join(""));
      const { stderr } = await work.run(...args, "-no-color");
      return stderr.split("Error: ");
    };
    const all = QUESTIONS.map((_, index) => index);
    const of = (blocks: readonly string[], index: number) => blocks.find((each) => each.includes(`"q${index}"`)) ?? "";
    const early = await told(all, "validate");
    // What only reading tells comes where nothing else is wrong.
    const right = all.filter((index) => of(early, index) === "");
    const late = await told(right, "plan", "-input=false");
    expectTold(all.map((index) => of(early, index) || of(late, index)));
  });
}, belongsHere);

describe("guestkit.yaml", () => {
  it("tells of each wrong question what is wrong with it", async () => {
    const told = [];
    for (const [index, { contract, input }] of QUESTIONS.entries()) {
      const cwd = at(`project-${index}`);
      await mkdir(cwd);
      const project = { version: 1, queries: { [contract]: { q: input } }, outputs: { all: `\${${contract}.q}` } };
      await writeFile(join(cwd, "guestkit.yaml"), JSON.stringify(project));
      const { stdout, stderr } = await guestkit(["plan", "--json"], { cwd });
      told.push(`${stdout}${stderr}`.replaceAll('\\"', '"'));
    }
    expectTold(told);
  });
});

const pulumi = findEngine("pulumi");

describe.skipIf(!pulumi)("Pulumi", () => {
  it("tells of each wrong question what is wrong with it", async () => {
    const stack = await PulumiProject.create(String(pulumi), at("pulumi"));
    const asked = QUESTIONS.map(({ contract: name, input }) => {
      const contract = contractOf(name, "query");
      const args = JSON.stringify(toPulumi(contract.input, input));
      return `() => guestkit.${exportedName(contract)}(${args})`;
    });
    await stack.write(`exports.told = (async () => {
      const told = [];
      for (const ask of [${asked.join(",\n")}])
        told.push(await ask().then(() => "", ({ message }) => message));
      return told;
    })();`);
    const ran = await stack.up();
    expect(ran, ran.text).toMatchObject({ code: 0 });
    expectTold((await stack.outputs()).told as readonly string[]);
  });
});
