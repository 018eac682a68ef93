import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandOf } from "../../../cli/command/table.ts";
import { keyGroups } from "../../../core/kvmxfile/index.ts";
import { readProject } from "../../../core/project/index.ts";

const root = join(import.meta.dirname, "../../..");
const page = await readFile(join(root, "docs/kvmx.md"), "utf8");
const [, keyPart = "", commandPart = ""] = page.split(/^## (?:Keys|Commands)$/m);
const firstCells = (text: string) => [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, name = ""]) => name);

/** `vm stop` of "guestkit vm stop NAME" wherever it stands, and `plan` where it stands as code or begins a line. */
function verbsIn(text: string): readonly string[] {
  const grouped = [...text.matchAll(/\bguestkit ((?:vm|ci) [a-z][a-z-]*)/g)];
  const plain = [...text.matchAll(/(?:^|`)guestkit ((?!vm |ci )[a-z][a-z-]*)/gm)];
  return [...new Set([...grouped, ...plain].map(([, words = ""]) => words))];
}

describe("docs/kvmx.md", () => {
  it("has every key that the importer knows, once, and no other", () => {
    const names = keyGroups.flatMap(({ keys }) => keys.map(({ name }) => name));
    expect(firstCells(keyPart)).toEqual(names);
    expect(new Set(names).size).toBe(names.length);
  });

  it("names kvmx's commands once", () => {
    const names = firstCells(commandPart).flatMap((each) => each.split(", "));
    expect(names.length).toBeGreaterThan(40);
    expect(new Set(names).size).toBe(names.length);
  });

  it("shows files that are projects", () => {
    for (const [, text = ""] of page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
      const project = readProject({ file: "guestkit.yaml", value: parse(text), position: () => undefined });
      expect(project.diagnostics).toEqual([]);
    }
  });
});

describe("advice for users of kvmx", async () => {
  const keys = join(root, "core/kvmxfile/keys");
  const sources = (await readdir(keys)).map((name) => join(keys, name));
  it.each([join(root, "docs/kvmx.md"), join(root, "examples/kvmx/README.md"), ...sources])(
    "%s names verbs that there are",
    async (path) => {
      const verbs = verbsIn(await readFile(path, "utf8"));
      expect(verbs.filter((words) => !commandOf(words))).toEqual([]);
    },
  );

  it("is looked at", () => {
    expect(verbsIn(page).length).toBeGreaterThan(30);
    expect(verbsIn("guestkit vm nothing\nguestkit nothing")).toEqual(["vm nothing", "nothing"]);
  });
});
