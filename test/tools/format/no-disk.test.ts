/** Real contents, each made by the tool that users meet: what is evidently no disk, and what is one. */
import { open, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { holdsKnown } from "../../../core/disk/known-content.ts";
import { decideFormat } from "../../../core/format/index.ts";
import { openFileSource } from "../../../core/source/file.ts";
import { guestkit } from "../../support/cli.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("no-disk");
const at = (name: string) => join(dir, name);
const shell = (script: string) => run("sh", ["-euc", `cd "${dir}"; ${script}`]);

beforeAll(async () => {
  await shell(`
    mkdir tree; echo hello > tree/file; head -c 100000 /dev/urandom > tree/noise
    truncate -s 8M blank.raw
    mke2fs -q -t ext4 -d tree ext4.raw 8M`);
});

/** A script that makes `name`, and what it is called. */
const NO_DISK: readonly (readonly [name: string, format: string, script: string])[] = [
  ["a.tar", "tar", "tar cf a.tar tree"],
  ["v7.tar", "tar", "tar --format=v7 -cf v7.tar tree"],
  ["pax.tar", "tar", "tar --format=pax -cf pax.tar tree"],
  ["disk.tar", "tar", "tar cf disk.tar ext4.raw"],
  ["a.zip", "zip", `python3 -c "import zipfile; zipfile.ZipFile('a.zip','w').write('ext4.raw')"`],
  ["empty.zip", "zip", `python3 -c "import zipfile; zipfile.ZipFile('empty.zip','w').close()"`],
  ["a.gz", "gzip", "gzip -c ext4.raw > a.gz"],
  ["a.xz", "xz", "xz -c ext4.raw > a.xz"],
  ["a.lzma", "lzma", "xz --format=lzma -c ext4.raw > a.lzma"],
  ["a.zst", "zstd", "zstd -qc ext4.raw > a.zst"],
  ["a.bz2", "bzip2", "bzip2 -c ext4.raw > a.bz2"],
  ["empty.bz2", "bzip2", "bzip2 -c < /dev/null > empty.bz2"],
  ["a.cpio", "cpio", "find tree | busybox cpio -o -H newc > a.cpio 2>/dev/null"],
  ["a.deb", "ar", "echo 2.0 > debian-binary; ar rc a.deb debian-binary"],
  ["a.elf", "elf", "cp /bin/true a.elf"],
  ["a.vmdk", "vmdk", "qemu-img create -q -f vmdk a.vmdk 4M"],
  ["flat.vmdk", "vmdk", "qemu-img create -q -f vmdk -o subformat=monolithicFlat flat.vmdk 4M"],
  ["stream.vmdk", "vmdk", "qemu-img convert -O vmdk -o subformat=streamOptimized ext4.raw stream.vmdk"],
  ["a.vhdx", "vhdx", "qemu-img create -q -f vhdx a.vhdx 4M"],
  ["a.vdi", "vdi", "qemu-img create -q -f vdi a.vdi 4M"],
  ["a.vhd", "vhd", "qemu-img create -q -f vpc a.vhd 4M"],
  ["fixed.vhd", "vhd", "qemu-img convert -O vpc -o subformat=fixed,force_size=on ext4.raw fixed.vhd"],
  ["a.qed", "qed", "qemu-img create -q -f qed a.qed 4M"],
  ["SHA256SUMS", "text", "sha256sum ext4.raw > SHA256SUMS"],
  ["long.txt", "text", "yes 'a line of text' | head -c 1048576 > long.txt"],
  ["utf8.txt", "text", "yes 'größer als 4 KiB, ein Zeichen am Rand zerteilt: ü' | head -c 65536 > utf8.txt"],
  ["latin.txt", "text", `python3 -c "open('latin.txt', 'wb').write('gr\u00f6\u00dfer '.encode('latin1') * 1200)"`],
  ["utf16.txt", "text", "seq 3000 | iconv -t utf-16 > utf16.txt"],
  ["login.html", "html", "printf '<!DOCTYPE html>\\n<html><body>Please sign in</body></html>\\n' > login.html"],
  ["a.ovf", "xml", "printf '<?xml version=\"1.0\"?><Envelope/>' > a.ovf"],
  ["pointer", "git-lfs", "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:00\\n' > pointer"],
  ["nothing", "empty", ": > nothing"],
  ["cut.raw", "unaligned", "head -c 5000001 ext4.raw > cut.raw"],
];

describe("what is evidently no disk", () => {
  test.each(NO_DISK)("%s is %s", async (name, format, script) => {
    await shell(script);
    await using source = await openFileSource(at(name));
    expect(await decideFormat(source, null)).toBe(format);
    // Whoever says so, or used it so, is believed.
    expect(await decideFormat(source, "raw")).toBe("raw");
    expect(await decideFormat(source, null, async () => ({ format: "raw", doubt: null }))).toBe("raw");
  });
});

/** Bare contents of disks, and disks. The blank ones hold nothing, which is known as well. */
const DISKS: readonly (readonly [name: string, script: string])[] = [
  ["ext4.raw", ":"],
  ["blank.raw", ":"],
  ["gpt.raw", "cp blank.raw gpt.raw; echo ', ,L' | sfdisk -q -X gpt gpt.raw"],
  ["mbr.raw", "cp blank.raw mbr.raw; echo ', ,L' | sfdisk -q -X dos mbr.raw"],
  ["xfs.raw", "truncate -s 320M xfs.raw; mkfs.xfs -q xfs.raw"],
  ["btrfs.raw", "truncate -s 128M btrfs.raw; mkfs.btrfs -q btrfs.raw"],
  ["swap.raw", "cp blank.raw swap.raw; mkswap -q swap.raw"],
  ["fat.raw", "cp blank.raw fat.raw; mkfs.vfat fat.raw > fat.log"],
  ["disc.iso", "genisoimage -quiet -R -J -o disc.iso tree 2>/dev/null"],
];

describe("what is a disk", () => {
  test.each(DISKS)("%s", async (name, script) => {
    await shell(script);
    await using source = await openFileSource(at(name));
    expect(await decideFormat(source, null)).toBe("raw");
    expect(await holdsKnown(source)).toBe(true);
  });

  /** Heads of what needs a device or modules to be made: as their own on-disk formats say. */
  const HEADS: readonly (readonly [name: string, offset: number, bytes: string])[] = [
    ["LUKS1", 0, "LUKS\xba\xbe\x00\x01"],
    ["LUKS2", 0, "LUKS\xba\xbe\x00\x02"],
    ["LVM2", 512, `LABELONE${"\x01".padEnd(16, "\0")}LVM2 001`],
    ["ZFS", 0x4000, "\x01\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\x24\0\0\0\x20\0\0\0\x07version\0"],
    ["md", 4096, "\xfc\x4e\x2b\xa9\x01\0\0\0"],
    ["squashfs", 0, "hsqs"],
    ["a text before an ISO's descriptor", 0x8001, "CD001"],
  ];

  test.each(HEADS)("a bare %s", async (name, offset, bytes) => {
    const path = at(name.replaceAll(/\W/g, "-"));
    await writeFile(path, "");
    await truncate(path, 1 << 20);
    const file = await open(path, "r+");
    if (name.startsWith("a text")) await file.write("a note in the system area\n".repeat(1260), 0, "latin1");
    await file.write(Buffer.from(bytes, "latin1"), 0, bytes.length, offset);
    await file.close();
    await using source = await openFileSource(path);
    expect(await decideFormat(source, null)).toBe("raw");
    expect(await holdsKnown(source)).toBe(true);
  });

  test("of unknown content is told", async () => {
    await shell("head -c 65536 tree/noise > noise.raw");
    await using source = await openFileSource(at("noise.raw"));
    expect(await decideFormat(source, null)).toBe("raw");
    expect(await holdsKnown(source)).toBe(false);
  });
});

describe("through the command line", () => {
  test("each use refuses it by name, unless it is said what it is", async () => {
    await shell("cp login.html web.qcow2; cp cut.raw short.img");
    for (const args of [
      ["create", "--source", "web.qcow2", "out.qcow2"],
      ["create", "--backing", "web.qcow2", "out.qcow2"],
      ["info", "web.qcow2"],
      ["inspect", "web.qcow2"],
      ["ls", "web.qcow2", "/"],
    ]) {
      const said = await guestkit(args, { cwd: dir });
      expect(said, args[0]).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("it is text (HTML)") });
    }
    const cut = await guestkit(["info", "short.img"], { cwd: dir });
    expect(cut).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("5000001 bytes, is no multiple of 512") });
    const said = ["create", "--source", "web.qcow2", "--image-format", "raw", "out.qcow2"];
    expect(await guestkit(said, { cwd: dir })).toMatchObject({ exitCode: 0 });
  });

  test("content that is unknown is told until a use has fixed what it is", async () => {
    await shell("head -c 65536 tree/noise > scratch.raw");
    const told = /scratch\.raw" is taken for a raw disk/g;
    const create = (name: string) => guestkit(["create", "--source", "scratch.raw", name], { cwd: dir });
    expect((await guestkit(["info", "scratch.raw"], { cwd: dir })).stderr.match(told)).toHaveLength(1);
    const first = await create("first.qcow2");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stderr.match(told)).toHaveLength(1);
    expect((await create("second.qcow2")).stderr).not.toMatch(told);
    expect((await guestkit(["info", "scratch.raw"], { cwd: dir })).stderr).toBe("");
    expect((await readFile(at("scratch.raw"))).length).toBe(65536);
  });
});
