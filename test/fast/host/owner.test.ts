import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { isAlive, isGone, type Owner, ownOwner } from "../../../core/host/owner.ts";
import { sweepPartialsIn } from "../../../core/host/partial.ts";

const module = join(import.meta.dirname, "../../../core/host/owner.ts");
const NOBODY = 2 ** 22 + 1;

/** A process of another container: it tells who it is there, and ends. */
async function elsewhere(): Promise<Owner> {
  const told = `import { ownOwner } from ${JSON.stringify(module)}; console.log(JSON.stringify(ownOwner()))`;
  const node = [process.execPath, "--input-type=module", "-e", told];
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const { stdout } = await promisify(execFile)("unshare", [...user, "--pid", "--fork", "--mount-proc", ...node]);
  return JSON.parse(stdout) as Owner;
}

it("knows this process, the one of an earlier release's tag, and those that have ended", () => {
  const own = ownOwner();
  for (const tag of [own.tag, own.tag.slice(0, 8), ""]) {
    expect(isAlive({ ...own, tag })).toBe(true);
    expect(isGone({ ...own, tag })).toBe(false);
    expect(isGone({ pid: NOBODY, tag })).toBe(true);
  }
  const earlierBoot = `${own.tag.slice(0, 8)}00001111`;
  expect(isGone({ pid: NOBODY, tag: earlierBoot })).toBe(true);
});

it("takes no process of another container for one of its own, nor for one that is gone", async () => {
  const other = await elsewhere();
  expect(isAlive(other)).toBe(false);
  expect(isGone(other)).toBe(false);
  const dir = await mkdtemp(join(tmpdir(), "guestkit-owner-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const names = [other.tag, other.tag.slice(0, 8)].map(
    (tag) => `.x.guestkit-partial-${other.pid}-${tag}0123abcd-image`,
  );
  for (const name of names) await writeFile(join(dir, name), "");
  await sweepPartialsIn(dir);
  expect(await readdir(dir)).toEqual(names.slice(0, 1));
});
