import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readProject } from "../../../core/project/index.ts";
import { OwnedThings, statePath } from "../../../core/project/state.ts";
import { parseYaml } from "../../../core/project/yaml.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "guestkit-state-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const image = (name: string, path: string) => `    ${name}: { path: ${path}, size: 1M }\n`;
const project = (file: string, entries: string, name = "") =>
  readProject(parseYaml(file, `version: 1\n${name}resources:\n  disk_image:\n${entries}`));
const open = (file: string, entries: string, name?: string) => OwnedThings.load(project(file, entries, name));
const thing = (name: string, path = `${name}.qcow2`) => ({ address: `disk_image.${name}`, id: join(folder, path) });

it("each file of a folder has a list of its own, with the UUID of its project", async () => {
  const prod = await open(join(folder, "prod.yaml"), image("db", "db.qcow2"));
  await prod.add(thing("db"));
  const again = await open(join(folder, "prod.yaml"), image("db", "db.qcow2"));
  expect([again.all, again.project, again.left]).toEqual([[thing("db")], prod.project, null]);
  const staging = await open(join(folder, "staging.yaml"), image("db", "other.qcow2"));
  expect([staging.all, staging.left]).toEqual([[], null]);
  expect(staging.project).not.toBe(prod.project);
});

it("the list that all files of a folder had goes, entry by entry, to the file that declares the very thing", async () => {
  const old = { format_version: 1, resources: [thing("db"), thing("web"), thing("gone")] };
  await mkdir(join(folder, ".guestkit"));
  await writeFile(join(folder, ".guestkit/state.json"), JSON.stringify(old));
  const prod = await open(join(folder, "prod.yaml"), image("db", "./db.qcow2") + image("web", "another.qcow2"));
  expect(prod.all).toEqual([thing("db")]);
  expect(prod.left?.things).toEqual([thing("web"), thing("gone")]);
  await prod.settle();
  expect((await open(join(folder, "prod.yaml"), image("db", "db.qcow2"))).left).toBeNull();
  const staging = await open(join(folder, "staging.yaml"), image("web", "web.qcow2"));
  expect(staging.all).toEqual([thing("web")]);
  expect(JSON.parse(await readFile(join(folder, ".guestkit/state.json"), "utf8"))).toEqual(old);
});

it("the list in a copied folder is the original's, unless the file says that both are one project", async () => {
  const [first, second] = [join(folder, "first/guestkit.yaml"), join(folder, "second/guestkit.yaml")];
  const owned = { address: "disk_image.db", id: join(folder, "db.qcow2") };
  const entries = image("db", owned.id);
  await (await open(first, entries)).add(owned);
  await cp(dirname(first), dirname(second), { recursive: true });
  const copy = await open(second, entries);
  expect([copy.all, copy.left?.things]).toEqual([[], [owned]]);
  const { project: uuid } = await open(first, entries);
  expect(copy.project).not.toBe(uuid);
  expect((await open(second, entries, `project: ${uuid}\n`)).all).toEqual([owned]);
  await rm(dirname(second), { recursive: true });
  await rename(dirname(first), dirname(second));
  expect((await open(second, entries)).all).toEqual([]);
});

it("a lost list has a UUID of its own anew, and a long name of a file has its place", async () => {
  const file = join(folder, `${"n".repeat(245)}.yaml`);
  const owned = await open(file, image("db", "db.qcow2"));
  await owned.add(thing("db"));
  await rm(statePath(file));
  const lost = await open(file, image("db", "db.qcow2"));
  expect(lost.all).toEqual([]);
  await lost.reload();
  await lost.add(thing("db"));
  expect((await open(file, image("db", "db.qcow2"))).project).toBe(lost.project);
});

it.each(["''", "3", "[a]", "'a b'", `'${"a".repeat(129)}'`, "-x"])("project: %s is refused at its place", (name) => {
  const { diagnostics } = project(join(folder, "guestkit.yaml"), image("a", "a"), `project: ${name}\n`);
  expect(diagnostics).toMatchObject([{ code: "E_PROJECT_OWNER", path: ["project"] }]);
});
