import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import type { Case } from "./cases.ts";
import type { Command } from "./measure.ts";

const run = promisify(execFile);
const RUNS = 10;

const MKFS = {
  ext4: ["mke2fs", "-q", "-F", "-t", "ext4"],
  xfs: ["mkfs.xfs", "-q", "-f"],
  btrfs: ["mkfs.btrfs", "-q", "-f"],
} as const;
type Type = keyof typeof MKFS;

/** The Debian tree in a file system of each kind, as raw images, mounted by the kernel; as root alone. */
export async function treeCases({
  tar,
}: Pick<DebianImage, "tar">): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-trees-"));
  const mounted: string[] = [];
  const close = async () => {
    for (const path of mounted) await run("umount", [path]);
    await rm(folder, { recursive: true, force: true });
  };
  if (process.getuid?.() !== 0) {
    console.error("left out: trees of xfs and btrfs (only root may mount)");
    return { cases: [], close };
  }
  try {
    for (const type of Object.keys(MKFS) as Type[]) {
      await makeTree(type, tar, folder);
      mounted.push(join(folder, type));
    }
    return { cases: [...lists(folder), ...tars(folder)], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Mounted anew and read-only, so that nothing is left in a log. */
async function makeTree(type: Type, tar: string, folder: string): Promise<void> {
  const [image, place] = [join(folder, `${type}.img`), join(folder, type)];
  await writeFile(image, "");
  await truncate(image, 3 * 2 ** 30);
  const [mkfs, ...options] = MKFS[type];
  await run(mkfs, [...options, image]);
  await mkdir(place);
  await run("mount", ["-o", "loop", image, place]);
  try {
    await run("tar", ["-C", place, "--xattrs", "--xattrs-include=*", "-xf", tar]);
  } finally {
    await run("umount", [place]);
  }
  await run("mount", ["-o", "ro,loop", image, place]);
}

const guestkit = (name: string, shell: string): Command => {
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  return { name, shell: `exec ${[process.execPath, ...NODE_FLAGS, bundle, shell].join(" ")}`, runs: RUNS };
};

function lists(folder: string): Case[] {
  const ours = (type: Type) => guestkit(`guestkit, ${type}`, `ls -R --json ${join(folder, `${type}.img`)} /`);
  return (["xfs", "btrfs"] as const).map((type) => ({
    title: `trees: list every file of ${type}`,
    aim: "at most 1.3 times our CPU on ext4",
    ours: ours(type),
    peers: [ours("ext4"), { name: "find -ls, loop mount", shell: `exec find ${join(folder, type)} -ls`, runs: RUNS }],
  }));
}

function tars(folder: string): Case[] {
  const aims = { ext4: "1.6", xfs: "1.6", btrfs: "2.0" } as const;
  return (Object.keys(MKFS) as Type[]).map((type) => ({
    title: `trees: read all of ${type} out as tar`,
    aim: `at most ${aims[type]} times the CPU of tar over a loop mount`,
    ours: guestkit("guestkit", `tar ${join(folder, `${type}.img`)} / | cat >/dev/null`),
    peers: [
      {
        name: "tar, loop mount",
        shell: `tar -C ${join(folder, type)} --xattrs -cf - . | cat >/dev/null`,
        runs: RUNS,
      },
    ],
  }));
}
