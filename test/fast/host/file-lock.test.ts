import { link, mkdir, open, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { clearKilledBeside, lockFile, stageBeside, waitFileUnlocked } from "../../../core/host/file-lock.ts";
import { lockPath } from "../../../core/host/lock-holder.ts";
import { nextPath } from "../../../core/host/partial.ts";
import { contextIn } from "../../support/machine.ts";
import { scratch } from "../../support/run.ts";

const dir = await scratch("file-lock");
const context = contextIn(dir);
const now = { patience: 0 };
const refused = { code: "E_LOCKED" };

/** A path in a folder of its own. */
async function fresh(name: string): Promise<string> {
  await mkdir(join(dir, name));
  return join(dir, name, "image");
}

const around = async (path: string) => (await readdir(join(path, ".."))).toSorted();
const isWaiting = async (promise: Promise<unknown>) =>
  (await Promise.race([promise.then(() => "done"), sleep(80, "waits")])) === "waits";

it("is the partial's while there is no file, and leaves nothing", async () => {
  const path = await fresh("absent");
  {
    await using _held = await lockFile(path, context);
    expect(await around(path)).toEqual([".image.guestkit-lock", ".image.guestkit-partial-next"]);
    await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
    await expect(waitFileUnlocked(path, context, now)).rejects.toMatchObject(refused);
  }
  expect(await around(path)).toEqual([]);
});

it("goes with the partial to its name: nobody gets between", async () => {
  const path = await fresh("published");
  const held = await lockFile(path, context);
  const waiting = lockFile(path, context);
  const partial = await stageBeside(path);
  expect(partial.path).toBe(nextPath(path));
  await writeFile(partial.path, "new");
  await partial.publish();
  await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
  expect(await isWaiting(waiting)).toBe(true);
  await held[Symbol.asyncDispose]();
  await using _next = await waiting;
  await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
  expect(await around(path)).toEqual([".image.guestkit-lock", "image"]);
});

it("covers a replacement: who waits for the old file finds the new one locked", async () => {
  const path = await fresh("replaced");
  await writeFile(path, "old");
  const held = await lockFile(path, context);
  const waiting = lockFile(path, context);
  expect(await isWaiting(waiting)).toBe(true);
  const partial = await stageBeside(path);
  await writeFile(partial.path, "new");
  await partial.publish();
  expect(await isWaiting(waiting)).toBe(true);
  await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
  await held[Symbol.asyncDispose]();
  await using _next = await waiting;
  await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
});

it("leaves nothing of a wait that was interrupted at any moment", async () => {
  const path = await fresh("interrupted");
  for (let after = 0; after < 12; after++) {
    const signal = AbortSignal.timeout(after);
    await lockFile(path, { ...context, signal }).then(
      (lock) => lock[Symbol.asyncDispose](),
      () => {},
    );
  }
  expect(await around(path)).toEqual([]);
});

it("starts anew where the file is gone when it is had", async () => {
  const path = await fresh("removed");
  await writeFile(path, "old");
  const held = await lockFile(path, context, { removes: true });
  const waiting = lockFile(path, context);
  expect(await isWaiting(waiting)).toBe(true);
  await rm(path);
  await expect(lockFile(path, context, now)).rejects.toMatchObject(refused);
  expect(await isWaiting(waiting)).toBe(true);
  await held[Symbol.asyncDispose]();
  await using _next = await waiting;
  expect(await around(path)).toEqual([".image.guestkit-lock", ".image.guestkit-partial-next"]);
});

it("publishes over nothing that somebody put there without a lock", async () => {
  const path = await fresh("foreign");
  await using _held = await lockFile(path, context);
  const partial = await stageBeside(path);
  await writeFile(path, "a user's own copy");
  await expect(partial.publish()).rejects.toMatchObject(refused);
  expect(await readFile(path, "utf8")).toBe("a user's own copy");
});

it("takes over what a killed run left, as a file that nobody has open", async () => {
  const path = await fresh("left");
  await writeFile(nextPath(path), "half");
  await writeFile(lockPath(path), "nonsense");
  const writing = await open(nextPath(path), "r+");
  {
    await using _held = await lockFile(path, context, now);
    await writing.write("a straggler");
    expect((await stat(nextPath(path))).size).toBe(0);
  }
  await writing.close();
  await writeFile(path, "there");
  await writeFile(nextPath(path), "half a replacement");
  {
    await using _held = await lockFile(path, context, now);
  }
  expect(await around(path)).toEqual(["image"]);
});

it("removes what killed holders left beside the file, with what they wrote of its record", async () => {
  const path = await fresh("killed");
  await writeFile(path, "");
  // No process has this number.
  const left = [".image.guestkit-partial-4194305-0011223344556677-record", ".image.guestkit-partial-next"];
  const leave = () => Promise.all(left.map((name) => writeFile(join(path, "..", name), "half")));
  await leave();
  {
    await using _held = await lockFile(path, context, now);
    expect(await around(path)).toEqual([".image.guestkit-lock", "image"]);
    await leave();
    // Not by who looks without the lock.
    await expect(
      clearKilledBeside(path, { ...context, settings: { ...context.settings, lockTimeout: 0 } }),
    ).rejects.toMatchObject(refused);
    expect(await around(path)).toEqual(expect.arrayContaining(left));
  }
  await clearKilledBeside(path, context);
  expect(await around(path)).toEqual(["image"]);
});

it("is one for all names that lead to one file", async () => {
  const path = await fresh("named");
  await writeFile(path, "");
  await symlink(path, `${path}-link`);
  await link(path, `${path}-second`);
  await symlink("named", join(dir, "named-folder"));
  await using _held = await lockFile(path, context);
  for (const name of [`${path}-link`, `${path}-second`, join(dir, "named-folder/image")]) {
    await expect(lockFile(name, context, now)).rejects.toMatchObject(refused);
  }
});

it("follows no link to a partial and waits for no pipe", async () => {
  const path = await fresh("planted");
  await writeFile(`${path}-other`, "");
  await symlink(`${path}-other`, nextPath(path));
  await expect(lockFile(path, context, now)).rejects.toMatchObject({ code: "E_FILE_KIND" });
});

it("orders many who make, replace and remove one file", async () => {
  const path = await fresh("many");
  let inside = 0;
  const turns = Array.from({ length: 16 }, async (_, turn) => {
    const removes = turn % 3 === 2;
    await using _held = await lockFile(path, context, { patience: 60_000, removes });
    expect(++inside).toBe(1);
    if (removes) await rm(path, { force: true });
    else await (await stageBeside(path)).publish();
    await sleep(10);
    inside--;
  });
  await Promise.all(turns);
  expect((await around(path)).filter((each) => each !== "image")).toEqual([]);
});

it("sees a file that was renamed away as gone", async () => {
  const path = await fresh("moved");
  await writeFile(path, "");
  await using _held = await lockFile(path, context);
  await rename(path, `${path}-moved`);
  await using _other = await lockFile(path, context, now);
  await expect(lockFile(`${path}-moved`, context, now)).rejects.toMatchObject(refused);
});
