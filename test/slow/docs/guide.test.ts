import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { follow, guideFolder, snippetsOf } from "../../support/guide.ts";

const pages = readdirSync(guideFolder).filter((name) => name.endsWith(".md"));

it.each(pages)("%s: every snippet does what it says", (page) => follow(join(guideFolder, page)));

it("finds files, commands and answers in a page", () => {
  const page = "```yaml title=a.yaml\nx: 1\n```\n\n```sh exit=3\nfalse\n```\n";
  expect(snippetsOf(page)).toEqual([
    { language: "yaml", attributes: { title: "a.yaml" }, text: "x: 1\n", line: 1 },
    { language: "sh", attributes: { exit: "3" }, text: "false\n", line: 5 },
  ]);
});
