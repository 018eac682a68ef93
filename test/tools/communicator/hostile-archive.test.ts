import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { receiveArchive } from "../../../core/communicator/archive.ts";
import type { GuestWay } from "../../../core/communicator/way/way.ts";
import { run } from "../../support/run.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("hostile-archive");

/** A guest that answers a copy out of it with an archive of its own choice. */
const answering = (archive: Uint8Array): GuestWay => ({
  kind: "agent",
  run: async ({ onOutput }) => {
    onOutput?.("stdout", archive);
    return { exitCode: 0, stdout: "", stderr: "" };
  },
  [Symbol.asyncDispose]: async () => {},
});

let count = 0;

/** Copies `/srv/item` out of such a guest, whose archive holds what `fill` lays down; gives the destination. */
async function copied(
  fill: (folder: string) => Promise<unknown>,
  pack: readonly string[] = ["./item"],
  remote = "/srv/item",
) {
  const place = join(root, String(count++));
  await mkdir(join(place, "guest"), { recursive: true });
  await mkdir(join(place, "host"));
  await fill(join(place, "guest"));
  await run("tar", ["-C", join(place, "guest"), "-cf", join(place, "made.tar"), ...pack]);
  const options = { recursive: true, signal: new AbortController().signal };
  await receiveArchive("web", answering(await readFile(join(place, "made.tar"))), remote, join(place, "host"), options);
  return join(place, "host");
}

it("takes the owner's rights off programs, and follows no link", async () => {
  const host = await copied(async (folder) => {
    await mkdir(join(folder, "item"));
    await writeFile(join(folder, "item/program"), "x");
    await chmod(join(folder, "item/program"), 0o6755);
    await symlink("/etc", join(folder, "item/out"));
  });
  expect((await lstat(join(host, "item/program"))).mode & 0o7777).toBe(0o755);
  expect((await lstat(join(host, "item/out"))).isSymbolicLink()).toBe(true);
});

it("refuses a link, a pipe or a device in the place of what was asked for, and inside", async () => {
  const refused = { code: "E_GUEST_COPY", message: expect.stringContaining("neither file nor folder") };
  const hostile: ((folder: string) => Promise<unknown>)[] = [
    (folder) => symlink("/etc/passwd", join(folder, "item")),
    (folder) => run("mkfifo", [join(folder, "item")]),
    async (folder) => {
      await mkdir(join(folder, "item"));
      await run("mkfifo", [join(folder, "item/pipe")]);
    },
    (folder) => writeFile(join(folder, "another"), "x"),
  ];
  for (const fill of hostile) {
    await expect(copied(fill, ["."])).rejects.toMatchObject(refused);
  }
});

it("writes nothing beside what was asked for", async () => {
  const climbing = copied(
    async (folder) => {
      await writeFile(join(folder, "item"), "asked");
      await writeFile(join(folder, "climber"), "not asked");
    },
    ["-P", "--transform=s,^./climber,../climbed,", "./climber", "./item"],
  );
  await expect(climbing).rejects.toMatchObject({ message: expect.stringContaining("Member name contains '..'") });
  const host = await copied(
    async (folder) => {
      await writeFile(join(folder, "item"), "asked");
      await writeFile(join(folder, "another"), "not asked");
    },
    ["./another", "./item"],
  );
  expect(await readdir(host)).toEqual(["item"]);
});

it("copies a whole root, and refuses a name that leads up", async () => {
  const host = await copied((folder) => writeFile(join(folder, "file"), "x"), ["./"], "/");
  expect(await readdir(host)).toEqual(["file"]);
  await expect(copied((folder) => writeFile(join(folder, "item"), "x"), ["./item"], "..")).rejects.toMatchObject({
    code: "E_GUEST_COPY",
  });
});
