/** What our readers take and the tools that write for us do not: refused by name before anything is announced, or mended. */
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { guestkitText } from "../../support/cli.ts";
import { run } from "../../support/run.ts";
import { codeOf, contract, leftovers, MIB, toRaw, virtualSize, workbench } from "./workbench.ts";

const bench = await workbench("read-not-written");
const { at, apply, prepare } = bench;
const sh = (script: string, ...args: string[]) => run("sh", ["-c", script, ...args]);
const cat = (image: string, path: string) => guestkitText(["cat", image, path]);
const kept = "kept\n".repeat(1000);
const files = [{ path: "/new", content: "new\n" }];

afterEach(async () => expect(await leftovers(bench.dir)).toEqual([]));

async function sized(name: string, size: number): Promise<string> {
  await writeFile(at(name), "");
  await truncate(at(name), size);
  return at(name);
}

async function ext(name: string): Promise<string> {
  await writeFile(at("kept"), kept);
  const image = await sized(name, 8 * MIB);
  await sh(`mke2fs -q -t ext4 "$0" && debugfs -w -R "write $1 kept" "$0" 2>/dev/null`, image, at("kept"));
  return image;
}

async function fat(name: string, size: number): Promise<string> {
  await writeFile(at("kept"), kept);
  const image = await sized(name, size);
  await sh(`mkfs.vfat -F 32 -s 1 "$0" >/dev/null 2>&1`, image);
  return image;
}

test.each([
  [
    "a qcow2 of version 0.10 with snapshots",
    "old",
    `qemu-img amend -f qcow2 -o compat=0.10 "$0" && qemu-img snapshot -c one "$0"`,
    `qemu-img amend -f qcow2 -o compat=1.1 "$0"`,
    /version 0\.10 with snapshots keeps its size/,
  ],
  [
    "a bitmap that a kill left open",
    "bitmap",
    `qemu-img bitmap --add "$0" one; qemu-io -f qcow2 -c "write -q 0 512" -c "sigraise 9" "$0" 2>/dev/null; true`,
    `qemu-img bitmap --remove "$0" one`,
    /a dirty bitmap that was not closed keeps its size \("one"\)/,
  ],
])("%s cannot grow: the plan says so, with a way that works", async (_what, name, spoil, way, says) => {
  const config = { path: `${name}.qcow2`, source: { url: await sized(`${name}.src`, 4 * MIB) } };
  const larger = { ...config, size: "16M" };
  await apply(config);
  await sh(spoil, at(config.path));
  const { plan } = await prepare(larger);
  expect(plan.diagnostics).toMatchObject([{ severity: "error", code: "E_QCOW2_RESIZE", path: ["size"] }]);
  expect(plan.diagnostics[0]?.message).toMatch(says);
  // Nor does an apply that has not heard of it announce what cannot be finished.
  const unheard = { ...plan, diagnostics: [] };
  expect(await codeOf(bench.engine.apply(contract, unheard, larger))).toBe("E_QCOW2_RESIZE");
  expect(await leftovers(bench.dir)).toEqual([]);
  await sh(way, at(config.path));
  await apply(larger);
  expect(await virtualSize(at(config.path))).toBe(16 * MIB);
});

test("features of an ext4 that may be read and not written by the host's tools are named", async () => {
  const source = await ext("features.src");
  await sh(`debugfs -w -R "feature FEATURE_R20" "$0" 2>/dev/null`, source);
  const config = { path: "features.raw", format: "raw", source: { url: source } };
  await apply(config);
  expect(await cat(at("features.raw"), "/kept")).toBe(kept);
  const before = await readFile(at("features.raw"));
  for (const more of [{ files }, { size: "16M" }]) {
    const refused = apply({ ...config, ...more });
    await expect(refused).rejects.toMatchObject({
      code: "E_FILESYSTEM_FEATURES",
      message: expect.stringContaining("FEATURE_R20"),
    });
  }
  expect((await readFile(at("features.raw"))).equals(before)).toBe(true);
});

test("a FAT32 with too few clusters for mtools is named", async () => {
  const source = await fat("few.src", 16 * MIB);
  await apply({ path: "few.raw", format: "raw", source: { url: source } });
  const refused = apply({ path: "few.raw", format: "raw", source: { url: source }, files });
  await expect(refused).rejects.toMatchObject({ code: "E_FILES_FAT", message: expect.stringMatching(/FAT16/) });
  const { plan } = await prepare({ path: "few.raw", format: "raw", source: { url: source }, files });
  expect(plan.diagnostics).toMatchObject([{ severity: "error", code: "E_FILES_FAT" }]);
});

test("a FAT32 that is read by its backup boot sector gets the first one back", async () => {
  const source = await fat("boot.src", 40 * MIB);
  await sh(`mcopy -i "$0" "$1" ::/kept`, source, at("kept"));
  const handle = await open(source, "r+");
  await handle.write(new Uint8Array(512), 0, 512, 0);
  await handle.close();
  const notes: string[] = [];
  const config = { path: "boot.qcow2", source: { url: source } };
  await apply(config);
  await apply(
    { ...config, files },
    { progress: ({ phase, detail }) => phase === "note" && notes.push(String(detail)) },
  );
  expect(notes.join()).toContain("written anew from its backup");
  const raw = await toRaw(at("boot.qcow2"), at("boot.raw"));
  await run("fsck.fat", ["-n", raw]);
  expect(await run("mtype", ["-i", raw, "::/kept"])).toBe(kept);
  expect(await run("mtype", ["-i", raw, "::/new"])).toBe("new\n");
});

test("beside what is not read no other file system is taken for the root either", async () => {
  const disk = await sized("unread.src", 40 * MIB);
  const lines = "label: gpt\nstart=2048, size=16384\nstart=18432, size=61440\n";
  await sh(
    `printf '%s' "$1" | sfdisk -q --no-reread "$0"; dd if="$2" of="$0" bs=1M seek=1 conv=notrunc status=none
    mksquashfs "$2" "$0.squash" -quiet -no-progress; dd if="$0.squash" of="$0" bs=1M seek=9 conv=notrunc status=none`,
    disk,
    lines,
    await fat("esp.part", 8 * MIB),
  );
  const { plan } = await prepare({ path: "unread.raw", format: "raw", source: { url: disk }, files });
  expect(plan.diagnostics).toMatchObject([
    { severity: "error", code: "E_FILES_UNSURE", message: expect.stringContaining("/dev/sda2 holds squashfs") },
  ]);
});

test("beside what is encrypted no other file system is taken for the root: its files would land in /boot", async () => {
  const source = await ext("boot.part");
  const disk = await sized("locked.src", 40 * MIB);
  const lines = "label: gpt\nstart=2048, size=16384\nstart=18432, size=61440\n";
  await sh(
    `printf '%s' "$1" | sfdisk -q --no-reread "$0"; dd if="$2" of="$0" bs=1M seek=1 conv=notrunc status=none
    truncate -s 30M "$0.luks"; printf key > "$0.key"
    cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file "$0.key" "$0.luks"
    dd if="$0.luks" of="$0" bs=1M seek=9 conv=notrunc status=none`,
    disk,
    lines,
    source,
  );
  const config = { path: "locked.raw", format: "raw", source: { url: disk } };
  await apply(config);
  const { plan } = await prepare({ ...config, files });
  expect(plan.diagnostics).toMatchObject([
    { severity: "error", code: "E_FILES_UNSURE", message: expect.stringContaining("/dev/sda2 is encrypted") },
  ]);
  const fresh = { ...config, path: "locked-2.raw", files };
  expect((await prepare(fresh)).plan.diagnostics).toMatchObject([{ code: "E_FILES_UNSURE" }]);
});
