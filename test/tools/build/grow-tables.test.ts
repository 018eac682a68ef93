/** What a reader makes of a partition table is what a growth writes: from the plan's word to the guest's files, by `guestkit apply`. */
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { guestkit, guestkitText } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";
import { MIB, sfdisk } from "./workbench.ts";

const dir = await scratch("grow-tables");
const at = (name: string) => join(dir, name);
const sh = (script: string, ...args: string[]) => run("sh", ["-c", script, ...args]);
const env = { GUESTKIT_CACHE_DIR: at("cache"), GUESTKIT_DATA_DIR: at("data"), GUESTKIT_RUNTIME_DIR: at("run") };
const [ROOT, SWAP] = [8, 4];

/** A disk of 16 MiB: an ext4 with a file in it, and swap or nothing behind. */
async function makeDisk(name: string, script: string, swap = false): Promise<string> {
  await writeFile(at(name), "");
  await truncate(at(name), 16 * MIB);
  await sh(`printf "$1" | sfdisk -q "$0"`, at(name), script);
  await sh(`dd if="$0" of="$1" bs=1M seek=1 conv=notrunc,sparse status=none`, at("root.ext4"), at(name));
  if (swap) await sh(`dd if="$0" of="$1" bs=1M seek=9 conv=notrunc status=none`, at("swap"), at(name));
  return at(name);
}

async function overwrite(name: string, offset: number, length: number, byte = 0): Promise<void> {
  const handle = await open(at(name), "r+");
  await handle.write(new Uint8Array(length).fill(byte), 0, length, offset);
  await handle.close();
}

const gptRoot = "label: gpt\nstart=2048,type=L\n";
const withSwap = `label: gpt\nstart=2048,size=${ROOT}MiB,type=L\nsize=${SWAP}MiB,type=S\n`;

beforeAll(async () => {
  await writeFile(at("said"), "kept\n");
  await sh(
    `truncate -s ${ROOT}M "$0" && mke2fs -q -t ext4 "$0" && debugfs -w -R "write $1 said" "$0" 2>/dev/null`,
    at("root.ext4"),
    at("said"),
  );
  await sh(`truncate -s ${SWAP}M "$0" && mkswap "$0" >/dev/null 2>&1`, at("swap"));
});

async function declare(images: Readonly<Record<string, object>>): Promise<void> {
  const disk_image = Object.fromEntries(
    Object.entries(images).map(([name, more]) => [name, { path: `./${name}.raw`, format: "raw", ...more }]),
  );
  await writeFile(at("guestkit.yaml"), JSON.stringify({ version: 1, resources: { disk_image } }));
}

test("a plan says who grows and who stays, and an apply does that and no more", async () => {
  const source = (url: string) => ({ source: { url } });
  const images = {
    primary: source(await makeDisk("a", gptRoot)),
    backup: source(await makeDisk("b", gptRoot)),
    middle: source(await makeDisk("c", gptRoot)),
    swap: source(await makeDisk("d", withSwap, true)),
    stale: source(await makeDisk("e", gptRoot)),
  };
  // An MBR over a GPT that is left over: GRUB lives where that one's entries were.
  await sh(`printf 'label: dos\nstart=2048,type=83\n' | sfdisk -q --wipe never --wipe-partitions never "$0"`, at("e"));
  await run("dd", ["if=/dev/urandom", `of=${at("e")}`, "bs=512", "seek=2", "count=32", "conv=notrunc", "status=none"]);
  await truncate(at("c"), 20 * MIB);
  await declare(images);
  await guestkitText(["apply", "--auto-approve"], { cwd: dir, env });
  await overwrite("primary.raw", 512, 512);
  await overwrite("backup.raw", 16 * MIB - 512, 512, 0x77);
  const grub = (await readFile(at("stale.raw"))).subarray(1024, 34 * 512);

  const larger = Object.fromEntries(Object.entries(images).map(([name, more]) => [name, { ...more, size: "40M" }]));
  await declare(larger);
  const said = (await guestkit(["plan"], { cwd: dir, env })).stderr;
  expect(said).toContain("the primary GPT is damaged (its signature is missing)");
  expect(said).toContain("the backup GPT is damaged (its signature is missing)");
  expect(said).toContain("the backup GPT stands at sector 32767 and not at the disk's end");
  expect(said).toMatch(/partition 1 \(ext4\) cannot grow: .*partition 2 \(swap\) stays as large as it is/);
  expect(said.match(/written anew|cannot grow/g)).toHaveLength(4);

  await guestkitText(["apply", "--auto-approve"], { cwd: dir, env });
  expect(await guestkitText(["plan"], { cwd: dir, env })).toContain("No changes");
  for (const name of Object.keys(images)) {
    const file = at(`${name}.raw`);
    expect(await guestkitText(["cat", file, "/said"], { cwd: dir, env })).toBe("kept\n");
    expect(await sh(`sfdisk -V "$0" && fdisk -l "$0" 2>&1`, file)).not.toMatch(/corrupt|not match|mismatch/i);
    const [root, other] = await sfdisk(file);
    if (name === "swap") expect([root?.size, other?.size]).toEqual([(ROOT * MIB) / 512, (SWAP * MIB) / 512]);
    else expect(root?.size).toBeGreaterThan((38 * MIB) / 512);
    const ext = at("part");
    await sh(
      `dd if="$0" of="$1" bs=512 skip=2048 count="$2" conv=sparse status=none && e2fsck -fn "$1" >/dev/null 2>&1`,
      file,
      ext,
      String(root?.size),
    );
  }
  expect((await readFile(at("stale.raw"))).subarray(1024, 34 * 512).equals(grub)).toBe(true);
}, 120_000);

test("what cannot be mended is refused by name at plan, and nothing is touched", async () => {
  await makeDisk("f", gptRoot);
  await declare({ lost: { source: { url: at("f") } } });
  await guestkitText(["apply", "--auto-approve"], { cwd: dir, env });
  await overwrite("lost.raw", 512, 33 * 512, 0xb0);
  const before = await readFile(at("lost.raw"));
  await declare({ lost: { source: { url: at("f") }, size: "40M" } });
  const { stdout, stderr, exitCode } = await guestkit(["apply", "--auto-approve"], { cwd: dir, env });
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain("something else stands where its entries should");
  expect((await readFile(at("lost.raw"))).equals(before)).toBe(true);
});
