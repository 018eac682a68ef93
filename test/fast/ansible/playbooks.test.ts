import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commonOptions } from "../../../ansible/emit/common.ts";
import { moduleName } from "../../../ansible/emit/option.ts";
import { hasModule } from "../../../ansible/generate.ts";
import { contracts } from "../../../core/model/index.ts";

const collection = join(import.meta.dirname, "../../../ansible/collection");
const used = contracts.filter(hasModule);

/** Every key of tasks, nested blocks too. */
function keysOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(keysOf)];
}

const read = (path: string): unknown => parse(readFileSync(join(collection, path), "utf8"), { maxAliasCount: -1 });

describe("the Ansible collection", () => {
  it("runs every module in a playbook of its integration targets", () => {
    const tasks = globSync("tests/integration/targets/*/tasks/*.yml", { cwd: collection });
    const run = new Set(tasks.flatMap((path) => keysOf(read(path))));
    const missing = used.map(moduleName).filter((name) => !run.has(`guestkit.guestkit.${name}`));
    expect(missing).toEqual([]);
  });

  it("declares in each resource's role all that its module takes", () => {
    for (const contract of used.filter(({ kind }) => kind === "resource")) {
      const [play] = read(`roles/${contract.name}/tasks/main.yml`) as Record<string, Record<string, unknown>>[];
      const given = Object.keys(play?.[`guestkit.guestkit.${moduleName(contract)}`] ?? {});
      const taken = [...contract.input.map(({ name }) => name), "state"];
      expect([contract.name, given.toSorted()]).toEqual([contract.name, taken.toSorted()]);
    }
  });

  it("has no field that an option of every module would hide", () => {
    const hidden = used.flatMap((contract) => {
      const common = commonOptions(contract).map(({ name }) => name);
      return contract.input.filter(({ name }) => common.includes(name)).map(({ name }) => `${contract.name}.${name}`);
    });
    expect(hidden).toEqual([]);
  });
});
