import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { boot } from "../../../core/guest/facts/boot/index.ts";
import { walkInitramfs } from "../../../core/guest/initramfs/walk.ts";
import { unpack } from "../../../core/host/unpack.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { knownSystem } from "../../support/known-system.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { scratch } from "../../support/scratch.ts";
import { share } from "../../support/slow.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("initramfs");
const at = (name: string) => join(dir, name);

/** Every name of a RAM disk, archive after archive. */
async function namesOf(bytes: Uint8Array): Promise<readonly string[]> {
  const names: string[] = [];
  const note = (found: readonly string[]) => {
    names.push(...found);
    return false;
  };
  await walkInitramfs(memorySource(bytes, "initrd"), { unpack, most: 1 << 30, charge: () => undefined, note });
  return names;
}

/** What Debian's own tool lists: its scripts are the image's, since hosts may lack them. */
async function lsinitramfs(file: string): Promise<readonly string[]> {
  const env = { PATH: `${at("usr/bin")}:${at("bin")}:${process.env.PATH}`, TMPDIR: dir };
  return (await run("sh", [at("usr/bin/lsinitramfs"), file], env)).trimEnd().split("\n");
}

const PACKINGS: Readonly<Record<string, readonly string[]>> = {
  none: ["cat"],
  gzip: ["gzip"],
  zstd: ["zstd", "-q", "-3"],
  xz: ["xz", "-1", "--check=crc32"],
  lzma: ["xz", "-1", "--format=lzma"],
  bzip2: ["bzip2"],
  lz4: ["lz4", "-l", "-q"],
};

const SHARE = share(Object.keys(PACKINGS), (each) => ["xz", "lzma", "bzip2"].includes(each));

let listed: readonly string[] | null = null;
let packed: Readonly<Record<string, Uint8Array>> = {};

/** As the kernel wants it; names in the order in which they are given. */
async function archive(folder: string, name: string): Promise<void> {
  const pack = `cd "$1" && find . | sort | bsdcpio -o -H newc --quiet > "$2"`;
  await run("sh", ["-c", pack, "sh", at(folder), at(name)]);
}

/** Behind microcode that is not packed. */
async function whole(packing: string): Promise<string> {
  const bytes = [await readFile(at("early.cpio")), Buffer.alloc(512), packed[packing] as Uint8Array];
  await writeFile(at(`whole.${packing}`), Buffer.concat(bytes));
  return at(`whole.${packing}`);
}

beforeAll(async () => {
  const { tar } = await debianImage();
  const wanted = ["*usr/bin/lsinitramfs", "*usr/bin/unmkinitramfs", "*bin/cpio", "*boot/initrd.img-*"];
  await run("bsdtar", ["-xf", tar, "-C", dir, ...wanted]);
  await mkdir(at("early/kernel/x86/microcode"), { recursive: true });
  await writeFile(at("early/kernel/x86/microcode/GenuineIntel.bin"), new Uint8Array(5000).fill(1));
  await mkdir(at("main/usr/lib/modules/6.1.0/kernel/drivers"), { recursive: true });
  await mkdir(at("main/sbin"));
  for (const name of ["virtio_blk.ko", "nvme-core.ko.xz"]) {
    await writeFile(at(`main/usr/lib/modules/6.1.0/kernel/drivers/${name}`), "x".repeat(99_999));
  }
  await writeFile(at("main/sbin/lvm"), Array.from({ length: 50_000 }, (_, index) => index * 7).join(" "));
  // Blocks of lz4 end at 8 MiB.
  await writeFile(at("main/large"), Buffer.alloc(9 << 20, "large"));
  await Promise.all([archive("early", "early.cpio"), archive("main", "main.cpio")]);
  const each = Object.entries(PACKINGS).map(async ([name, command]) => {
    await run("sh", ["-c", `"$@" < "$0" > "$0.${name}"`, at("main.cpio"), ...command]);
    return [name, await readFile(at(`main.cpio.${name}`))] as const;
  });
  packed = Object.fromEntries(await Promise.all(each));
}, 600_000);

describe("an initial RAM disk", () => {
  it("of Debian's own tells every name that lsinitramfs lists", async () => {
    const [name] = (await readdir(at("boot"))).filter((each) => each.startsWith("initrd.img-"));
    const file = at(`boot/${name}`);
    const names = await namesOf(await readFile(file));
    expect(names).toEqual(await lsinitramfs(file));
    expect(names.length).toBeGreaterThan(300);
    const tree = await memoryTree({ "/boot/vmlinuz-1": "", "/boot/initrd.img-1": await readFile(file) });
    const [found] = (await boot.read(await knownSystem(tree))).initramfs;
    const files = names.filter((each) => /\.ko(?:\.xz)?$/.test(each)).map((each) => each.replace(/^.*\/|\.ko.*$/g, ""));
    expect(found?.contents?.modules).toEqual([...new Set(files.map((each) => each.replaceAll("-", "_")))].sort());
    expect(found?.contents?.features).toContain("initramfs-tools");
  });

  it.each(SHARE)("packed as %s is read behind microcode that is not packed", async (packing) => {
    const bytes = await readFile(await whole(packing));
    // What Debian's tool lists of one, all others hold; it knows no lzma, and wants something that is packed.
    listed ??= await lsinitramfs(await whole("gzip"));
    expect(await namesOf(bytes)).toEqual(listed);
    const tree = await memoryTree({ "/boot/vmlinuz-6.1.0": "", "/boot/initrd.img-6.1.0": bytes });
    const known = await knownSystem(tree);
    const { initramfs } = await boot.read(known);
    expect(initramfs[0]?.contents).toMatchObject({
      archives: [
        { offset: 0, packing: null, names: 5 },
        { packing: packing === "none" ? null : packing, names: 12 },
      ],
      kernels: ["6.1.0"],
      modules: ["nvme_core", "virtio_blk"],
      features: ["lvm", "microcode-intel"],
    });
    expect(known.warnings).toEqual([]);
  });

  it.each(SHARE)("packed as %s and cut off is named, and nothing told of it", async (packing) => {
    const whole = packed[packing] as Uint8Array;
    const bytes = whole.subarray(0, Math.floor(whole.length * 0.6));
    const known = await knownSystem(await memoryTree({ "/boot/vmlinuz-1": "", "/boot/initrd.img-1": bytes }));
    const { initramfs } = await boot.read(known);
    expect(initramfs).toEqual([{ path: "/boot/initrd.img-1", size: bytes.length, contents: null }]);
    expect(known.warnings).toEqual([expect.stringContaining('"/boot/initrd.img-1" cannot be looked into')]);
  });

  it("that unpacks to more than any may is given up where that shows", async () => {
    const walk = { unpack, most: 5 << 20, charge: () => undefined, note: () => false };
    const refused = /unpacks to more than 5242880 bytes/;
    for (const [packing, bytes] of Object.entries(packed)) {
      const walked = walkInitramfs(memorySource(bytes, "initrd"), walk);
      if (packing === "none") await walked;
      else await expect(walked).rejects.toThrow(refused);
    }
  });
});
