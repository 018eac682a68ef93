import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tools } from "../../../core/host/program/tools.ts";

/** Debian's essential packages need no set-up. */
const ESSENTIAL = ["tar"];

it("sets up every program that building uses", async () => {
  const text = await readFile(join(import.meta.dirname, "../../../scripts/packages.txt"), "utf8");
  const packages = text.trim().split("\n");
  expect(packages).toEqual([...new Set(packages)].toSorted());
  expect(tools.map((tool) => tool.package).filter((name) => ![...packages, ...ESSENTIAL].includes(name))).toEqual([]);
});
