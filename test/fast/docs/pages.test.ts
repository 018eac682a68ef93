import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileSystemKinds } from "../../../core/filesystem/index.ts";
import { imageFormats } from "../../../core/format/index.ts";
import { volumeKinds } from "../../../core/volume/index.ts";
import { repository } from "../../support/engines.ts";

const text = (path: string) => readFileSync(join(repository, path), "utf8");
const below = (folder: string) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((each) => each.endsWith(".md") && !/node_modules|\.gen|dist/.test(each))
    .map((each) => join(folder, each));
const pages = [
  ...readdirSync(repository).filter((each) => each.endsWith(".md")),
  ...["docs", "examples", "findings"].flatMap(below),
];

/** Tests by their folders, as tables name them: `tools/cli/locks`. */
const TESTS = /(?<![\w/-])(?:fast|tools|engines|slow|crash)\/[a-z0-9-]+\/[a-z0-9/-]+(?![\w/.*-])/g;

describe("pages", () => {
  it.each(pages)("%s leads to files that are there", (page) => {
    const links = [...text(page).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !existsSync(join(repository, dirname(page), target)))).toEqual([]);
  });

  it("name every npm script that they tell of", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    const own = pages.filter((page) => !page.startsWith("examples/cdktf"));
    const told = own.flatMap((page) => [...text(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name = ""]) => name));
    expect([...new Set(told)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it("name tests that are there", () => {
    const isThere = (name: string) =>
      [name, `${name}.test.ts`, `${name}.ts`].some((each) => existsSync(join(repository, "test", each)));
    const named = pages.flatMap((page) => [...text(page).matchAll(TESTS)].map(([name]) => name));
    expect(named.length).toBeGreaterThan(20);
    expect([...new Set(named)].filter((name) => !isThere(name))).toEqual([]);
  });

  it("say what every reader reads", () => {
    const told = text("docs/formats.md").toLowerCase();
    const names = [...imageFormats, ...volumeKinds, ...fileSystemKinds].map(({ name }) =>
      name.replace("iso9660", "iso 9660"),
    );
    expect(names.filter((name) => !told.includes(name))).toEqual([]);
  });

  it("list every finding and every example", () => {
    const findings = readdirSync(join(repository, "findings")).filter((each) => each.endsWith(".sh"));
    expect(findings.filter((each) => !text("findings/README.md").includes(`(${each})`))).toEqual([]);
    const folders = readdirSync(join(repository, "examples"), { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    );
    const readmes = folders.map(({ name }) => `${name}/README.md`);
    expect(readmes.filter((each) => !text("examples/README.md").includes(`(${each})`))).toEqual([]);
    expect(readmes.filter((each) => !existsSync(join(repository, "examples", each)))).toEqual([]);
  });
});
