/** What docs/report.md says of where fields are read, against what an inspection opens in a real system. */
import { expect, it, onTestFinished, vi } from "vitest";
import { Tree } from "../../../core/filesystem/tree.ts";
import { inspect } from "../../../core/inspect/index.ts";
import { FACT_GROUPS } from "../../../core/kit/fact-groups.ts";
import type { JsonSchema } from "../../../core/model/json-schema.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { schemaOf } from "../../support/schemas.ts";

/** Where the fields of a report are read, but for those of groups that nobody asked for. */
function namedBy(facts: readonly string[]): readonly string[] {
  const { properties, $defs } = schemaOf("inspection") as { properties: Fields; $defs: { SystemReport: JsonSchema } };
  const fields = Object.entries({ ...properties, ...($defs.SystemReport.properties as Fields) });
  const asked = fields.filter(([name]) => facts.includes(name) || !FACT_GROUPS.some((group) => group === name));
  return asked.flatMap(([, { $comment }]) =>
    String($comment)
      .replace(/^Read from: /, "")
      .split(", "),
  );
}

type Fields = Readonly<Record<string, JsonSchema>>;

/** What holds a place is opened on the way; `*` stands for any name, what does not begin at / may be anywhere. */
function isNamed(path: string, places: readonly string[]): boolean {
  return places.some((place) => {
    const start = place.startsWith("/") ? "" : ".*/";
    const words = place.split("*").map(spelled);
    return `${place}/`.startsWith(path) || new RegExp(`^${start}${words.join("[^/]*")}(/|$)`).test(path);
  });
}

const spelled = (word: string) => word.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

it.each([
  ["alone", []],
  ["with every group of facts", FACT_GROUPS],
] as const)("no file is read that no field names: a report %s", async (_, facts) => {
  const { path } = await debianImage();
  const read = new Set<string>();
  const resolve = Tree.prototype.resolve;
  const spy = vi.spyOn(Tree.prototype, "resolve").mockImplementation(async function (this: Tree, path, options) {
    const found = await resolve.call(this, path, options);
    if (found && typeof path === "string") read.add(path);
    return found;
  });
  onTestFinished(() => spy.mockRestore());
  const { users, mounts } = await inspect(path, { facts });
  expect(read.size).toBeGreaterThan(30);
  const homes = users?.map(({ home }) => home).filter((home) => home !== "/") ?? [];
  const places = namedBy(facts).flatMap((place) =>
    place.startsWith("~") ? homes.map((home) => home + place.slice(1)) : [place],
  );
  const points = mounts.map(({ target }) => target);
  expect([...read].filter((each) => !points.includes(each) && !isNamed(each, places))).toEqual([]);
});
