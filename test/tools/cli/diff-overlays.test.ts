import fs from "node:fs";
import { stat } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Change, diffDisks } from "../../../core/diff/index.ts";
import { open } from "../../../core/inspect/index.ts";
import { MKFS, type Type } from "../../support/diff-pairs/index.ts";
import { withExport } from "../../support/exported.ts";
import { withMount } from "../../support/mounted.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("diff-overlays");
const at = (name: string) => join(dir, name);
const MIB = 1 << 20;
/** What the files of a base hold. */
const CONTENT = 40 * MIB;

/** Bytes that this process has read of files by their descriptors, as sources do. */
let bytesRead = 0;
const { readSync, read } = fs;
fs.readSync = ((...args: Parameters<typeof readSync>) => {
  const got = readSync(...args);
  bytesRead += got;
  return got;
}) as typeof readSync;
fs.read = ((...args: readonly unknown[]) => {
  const done = args.at(-1) as (error: Error | null, got: number) => void;
  const counted = (error: Error | null, got: number) => {
    bytesRead += got ?? 0;
    done(error, got);
  };
  return (read as (...all: unknown[]) => void)(...args.slice(0, -1), counted);
}) as unknown as typeof read;
syncBuiltinESMExports();
afterAll(() => {
  Object.assign(fs, { readSync, read });
  syncBuiltinESMExports();
});

async function diff(before: string, after: string): Promise<{ readonly changes: readonly Change[]; bytes: number }> {
  const start = bytesRead;
  await using old = await open(before);
  await using now = await open(after);
  const changes = await Array.fromAsync(diffDisks(old, now));
  return { changes, bytes: bytesRead - start };
}

/** A qcow2 with files of 1 MiB each, of which one is packed by btrfs as well, and a large one that is nothing but a hole. */
async function makeBase(name: string, type: Type, options: readonly string[]): Promise<string> {
  const [raw, base] = [at(`${name}.raw`), at(`${name}.qcow2`)];
  await run("truncate", ["-s", "400M", raw]);
  await run(MKFS[type][0], [...MKFS[type].slice(1), raw]);
  const script = `cd "$1"; mkdir d; for i in $(seq ${CONTENT / MIB}); do head -c 1M /dev/urandom > d/$i; done
    yes | head -c 8M > d/packed; sync; truncate -s 200G hole`;
  await withMount(raw, type === "btrfs" ? "rw,compress=zstd" : "rw", (top) =>
    run("bash", ["-euc", script, "bash", top]),
  );
  await run("qemu-img", ["convert", "-O", "qcow2", ...options, raw, base]);
  return base;
}

async function overlay(name: string, base: string, script: string): Promise<string> {
  const image = at(`${name}.qcow2`);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", base, "-F", "qcow2", image]);
  await withExport(image, at(`${name}-disk`), (raw) =>
    withMount(raw, "rw", (top) => run("bash", ["-euc", script, "bash", top])),
  );
  return image;
}

describe("a diff of overlays", () => {
  it.each([
    ["ext4", "plain", []],
    ["xfs", "plain", []],
    ["btrfs", "plain", []],
    ["ext4", "compressed", ["-c"]],
  ] as const)("reads what they changed, and no file that they did not: %s, %s", async (type, kind, options) => {
    const name = `${type}-${kind}`;
    const base = await makeBase(name, type, options);
    const one = await overlay(
      `${name}-one`,
      base,
      'cd "$1"; printf x | dd of=d/7 bs=1 seek=500000 conv=notrunc status=none',
    );
    const two = await overlay(`${name}-two`, base, 'cd "$1"; printf xyz > d/8; mv d/9 d/moved');
    const same = await diff(base, base);
    expect(same.changes).toEqual([]);
    // Metadata, of which there is little: what the files hold is not read.
    expect(same.bytes).toBeLessThan(CONTENT / 4);
    const found = await diff(one, two);
    expect(found.changes.map(({ change, name, from }) => `${change} ${from ?? ""} ${name}`)).toEqual([
      "modified  /d/7",
      "modified  /d/8",
      "renamed /d/9 /d/moved",
    ]);
    const own = (await stat(one)).size + (await stat(two)).size;
    expect(found.bytes).toBeLessThan(same.bytes + own + MIB);
    const ofBase = await diff(base, one);
    expect(ofBase.changes.map((each) => each.name)).toEqual(["/d/7"]);
    expect(ofBase.bytes).toBeLessThan(same.bytes + (await stat(one)).size + MIB);
  });
});
