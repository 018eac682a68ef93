import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guideFolder } from "../../support/guide.ts";

const INDEX = "README.md";
const pages = readdirSync(guideFolder).filter((name) => name.endsWith(".md"));
const text = (page: string) => readFileSync(join(guideFolder, page), "utf8");
/** Files of the repository that a page leads to. */
const linksOf = (page: string) =>
  [...text(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);

it("has every page of the guide in its index", () => {
  const listed = linksOf(INDEX).filter((each) => !each.includes("/"));
  expect(listed.toSorted()).toEqual(pages.filter((page) => page !== INDEX).toSorted());
});

it.each(pages)("%s leads to pages that are there", (page) => {
  expect(linksOf(page).filter((target) => !existsSync(join(guideFolder, target)))).toEqual([]);
});
