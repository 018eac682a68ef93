import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NODE_FLAGS } from "../../cli/node-flags.ts";
import type { DebianImage } from "../../test/support/debian-fixture.ts";
import type { Case } from "./cases.ts";

const run = promisify(execFile);
const RUNS = 5;
const IMAGES = 100;

/** qemu-img's arguments that make one of the Debian disk. */
const SYSTEMS: readonly (readonly string[])[] = [
  ["-O", "vmdk", "-o", "subformat=streamOptimized"],
  ["-c", "-O", "qcow2", "-o", "compression_type=zlib"],
  ["-c", "-O", "qcow2", "-o", "compression_type=zstd"],
  ["-O", "vdi"],
  ["-O", "vhdx"],
];
/** Disks without a system. */
const MKFS: readonly (readonly [program: string, ...options: string[]])[] = [
  ["mke2fs", "-q", "-F", "-t", "ext4"],
  ["mkfs.xfs", "-q", "-f"],
  ["mkfs.btrfs", "-q", "-f"],
];

/** A hundred images of ten kinds, inspected in one go. */
export async function fleetCases({
  path,
  raw,
}: Pick<DebianImage, "path" | "raw">): Promise<{ cases: readonly Case[]; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "guestkit-bench-fleet-"));
  const made = [path, raw, ...(await Promise.all([...systems(raw, folder), ...blanks(folder)]))];
  const names = Array.from({ length: IMAGES }, (_, at) => join(folder, `${at}.img`));
  await Promise.all(names.map((name, at) => symlink(made[at % made.length] ?? raw, name)));
  const bundle = join(import.meta.dirname, "../../cli/dist/guestkit.mjs");
  const ours = {
    name: "guestkit",
    shell: `exec ${[process.execPath, ...NODE_FLAGS, bundle].join(" ")} inspect --no-cache --json ${names.join(" ")}`,
    runs: RUNS,
  };
  const aim = `at least 25 images a second: at most ${IMAGES / 25} s of wall time`;
  return {
    cases: [{ title: `fleet: inspect ${IMAGES} images of ${made.length} kinds`, aim, ours, peers: [] }],
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

function systems(raw: string, folder: string): Promise<string>[] {
  return SYSTEMS.map(async (options, at) => {
    const image = join(folder, `system-${at}`);
    await run("qemu-img", ["convert", "-f", "raw", ...options, raw, image]);
    return image;
  });
}

function blanks(folder: string): Promise<string>[] {
  return MKFS.map(async ([program, ...options]) => {
    const image = join(folder, program);
    await writeFile(image, "");
    await truncate(image, 512 << 20);
    await run(program, [...options, image]);
    return image;
  });
}
