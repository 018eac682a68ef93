import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
/** What Ansible's own check of a collection allows; it takes minutes, and is left to the slow run. */
const LONGEST = 160;

it("no line of the Ansible collection is longer than Ansible lets it be", () => {
  const files = globSync("ansible/collection/**/*.py", { cwd: root });
  expect(files.length).toBeGreaterThan(20);
  const long = files.flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .flatMap((line, at) => (line.length > LONGEST ? [`${file}:${at + 1}`] : [])),
  );
  expect(long).toEqual([]);
});
