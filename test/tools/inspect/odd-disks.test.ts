import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open as openFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { info, inspect, open } from "../../../core/inspect/index.ts";
import { inspectionReport } from "../../../core/model/inspection-report.ts";
import { isBeingWritten } from "../../../core/source/host-file.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { guestkitText } from "../../support/cli.ts";
import { folder, partitionedDisk } from "../../support/disk.ts";
import { run, scratch } from "../../support/run.ts";

const dir = await scratch("odd");
const LINUX = "L";
const STATUS = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n";
const SYSTEM = {
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  "usr/bin/x": "x",
  "var/lib/dpkg/status": STATUS,
};
const system = await folder(dir, SYSTEM);
const plain = await folder(dir, { "file.txt": "content\n" });
const ext4 = (tree: string) => ({ size: 16, type: LINUX, script: `mke2fs -q -t ext4 -d '${tree}' "$1"` });

describe("disks without a system", () => {
  it("blank: the same fields, null or empty", async () => {
    const path = join(dir, "blank.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", path, "20G"]);
    const report = await inspect(path);
    expect(inspectionReport.parse(report)).toMatchObject({ os_type: null, packages: [], filesystems: [], users: [] });
    expect(await info(path)).toMatchObject({ virtual_size: 20 * 2 ** 30, partition_table: null, filesystem: null });
    await using disk = await open(path);
    await expect(disk.tree()).rejects.toMatchObject({ code: "E_TREE_NONE" });
  });

  it.each(["mkfs.fat -C FILE 1440", "truncate -s 4M FILE && mke2fs -q FILE", "mkfs.fat -F 32 -C FILE 40000"])(
    "bare, made by %s: /dev/sda, and its tree",
    async (script) => {
      const path = join(dir, `bare-${script.length}.img`);
      await run("sh", ["-c", script.replace(/FILE/g, path)]);
      const report = await inspect(path);
      expect(report.filesystems).toMatchObject([{ device: "/dev/sda", partition: null, error: null }]);
      await using disk = await open(path);
      expect(await (await disk.tree()).names("/")).toEqual(script.includes("mke2fs") ? ["lost+found"] : []);
      await expect(disk.tree({ partition: 1 })).rejects.toMatchObject({ code: "E_TREE_UNKNOWN" });
    },
  );

  it("with content of every kind: each is named, readable or not", async () => {
    const path = join(dir, "kinds.img");
    await partitionedDisk(path, "gpt", [
      { size: 8, type: "S", script: 'mkswap -q -L swap "$1"' },
      { size: 320, type: LINUX, script: 'mkfs.xfs -q -L xfs "$1"' },
      { size: 128, type: LINUX, script: 'mkfs.btrfs -q -L btrfs "$1"' },
      { size: 8, type: "U", script: 'mkfs.fat -n VFAT "$1"' },
      { size: 8, type: LINUX, script: "true" },
      ext4(plain),
      { size: 8, type: LINUX, script: 'mksquashfs /etc/passwd "$1" -noappend -quiet -no-progress' },
    ]);
    const { filesystems, os_type } = await inspect(path);
    expect(os_type).toBeNull();
    expect(filesystems.map(({ device, type, label }) => `${device} ${type} ${label}`)).toEqual([
      "/dev/sda1 swap swap",
      "/dev/sda2 xfs xfs",
      "/dev/sda3 btrfs btrfs",
      "/dev/sda4 vfat VFAT",
      "/dev/sda5 null null",
      "/dev/sda6 ext4 null",
      "/dev/sda7 squashfs null",
    ]);
    await using disk = await open(path);
    await expect(disk.tree()).rejects.toMatchObject({
      code: "E_TREE_AMBIGUOUS",
      help: expect.stringMatching(/--filesystem \/dev\/sda(\d).*--partition \1/),
    });
    await expect(disk.tree({ partition: 7 })).rejects.toThrow(/holds squashfs/);
    expect(await (await disk.tree({ partition: 6 })).readText("/file.txt")).toBe("content\n");
  });

  it.each([
    ["E_TREE_NO_READER", "holds squashfs", 'mksquashfs /etc/passwd "$1" -noappend -quiet -no-progress'],
    ["E_EXT4_FEATURE", "", 'mke2fs -q -t ext4 "$1"; debugfs -w -R "feature FEATURE_I20" "$1" 2>/dev/null'],
  ])("one that is read does not pass for all there is: %s", async (code, says, script) => {
    const path = join(dir, `beside-${code}.img`);
    await partitionedDisk(path, "gpt", [ext4(plain), { size: 16, type: LINUX, script }]);
    await using disk = await open(path);
    await expect(disk.tree()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
      help: expect.stringContaining("--filesystem /dev/sda1"),
    });
    expect(await (await disk.tree({ partition: 1 })).readText("/file.txt")).toBe("content\n");
  });

  it("given as bytes, as a browser would", async () => {
    const path = join(dir, "bytes.img");
    await run("mkfs.fat", ["-n", "BYTES", "-C", path, "1440"]);
    const handle = await openFile(path);
    const bytes = new Uint8Array(await handle.readFile());
    await handle.close();
    expect((await inspect(memorySource(bytes))).filesystems).toMatchObject([{ type: "vfat", label: "BYTES" }]);
  });
});

describe("disks with more than one system", () => {
  it("are all told; one has to be chosen to look into", async () => {
    const path = join(dir, "two.img");
    const other = await folder(dir, { ...SYSTEM, "etc/os-release": "ID=other\n", "etc/hostname": "second\n" });
    await partitionedDisk(path, "dos", [ext4(system), ext4(other)]);
    const report = await inspect(path);
    expect(report.distro).toBe("debian");
    expect(report.operating_systems.map(({ distro, root }) => `${distro} ${root}`)).toEqual([
      "debian /dev/sda1",
      "other /dev/sda2",
    ]);
    expect(await inspect(path, { partition: 2 })).toMatchObject({ distro: "other", hostname: "second" });
    await using disk = await open(path);
    await expect(disk.tree()).rejects.toMatchObject({ code: "E_TREE_AMBIGUOUS" });
    expect(await (await disk.tree({ filesystem: "sda2" })).readText("/etc/hostname")).toBe("second\n");
  });
});

describe("damage", () => {
  it("of one file system does not hide the others", async () => {
    const path = join(dir, "damaged.img");
    const home = await folder(dir, { ...SYSTEM, "etc/fstab": "/dev/sda1 /usr/bin ext4 defaults 0 0\n" });
    await partitionedDisk(path, "gpt", [ext4(plain), ext4(home)]);
    await overwrite(path, (1 << 20) + 1024 + 0x60, new Uint8Array(4).fill(0xff));
    const report = await inspect(path);
    expect(report).toMatchObject({ distro: "debian", root: "/dev/sda2" });
    expect(report.filesystems).toMatchObject([
      { type: "ext4", error: expect.stringMatching(/^E_EXT4_/) },
      { type: "ext4", error: null },
    ]);
    expect(report.warnings.join("\n")).toMatch(/\/dev\/sda1 cannot be read/);
    expect(report.warnings.join("\n")).toMatch(/\/usr\/bin is not mounted/);
  });

  it("of the package list is null and a warning, never a shorter list", async () => {
    const path = join(dir, "packages.img");
    const many = Array.from({ length: 2000 }, (_, index) => STATUS.replace("Package: a", `Package: a${index}`));
    await partitionedDisk(path, "gpt", [
      ext4(await folder(dir, { ...SYSTEM, "var/lib/dpkg/status": many.join("\n") })),
    ]);
    expect((await inspect(path)).packages).toHaveLength(2000);
    const block = Number((await run("debugfs", ["-R", "bmap /var/lib/dpkg/status 20", `${path}.0`])).trim());
    await overwrite(path, (1 << 20) + block * 1024, new Uint8Array(1024));
    const report = await inspect(path);
    expect(report).toMatchObject({ packages: null, distro: "debian", users: [{ name: "root" }] });
    expect(report.warnings.join()).toMatch(/packages cannot be read/);
  });
});

describe("an image in use", () => {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  it("is inspected with a warning", async () => {
    const path = join(dir, "in-use.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", path, "10M"]);
    expect((await inspect(path)).warnings).toEqual([]);
    const writer = spawn("qemu-io", ["-f", "qcow2", path], { stdio: ["pipe", "pipe", "ignore"] });
    started.push(writer);
    writer.stdin.write("length\n");
    await once(writer.stdout, "data");
    expect((await inspect(path)).warnings.join()).toMatch(/writing to the image/);
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect(await isBeingWritten(path)).toBe(false);
  });

  it("for reading alone gives none", async () => {
    const path = join(dir, "read.raw");
    await writeFile(path, "");
    await truncate(path, 1 << 20);
    const reader = spawn("qemu-io", ["-r", "-f", "raw", path], { stdio: ["pipe", "pipe", "ignore"] });
    started.push(reader);
    reader.stdin.write("length\n");
    await once(reader.stdout, "data");
    expect(await isBeingWritten(path)).toBe(false);
  });
});

describe("snapshots and stopping", () => {
  it("a snapshot is read instead of the present state", async () => {
    const raw = join(dir, "then.img");
    const path = join(dir, "now.qcow2");
    await partitionedDisk(raw, "gpt", [ext4(system)]);
    await run("qemu-img", ["convert", "-O", "qcow2", raw, path]);
    await run("qemu-img", ["snapshot", "-c", "before", path]);
    await run("qemu-io", ["-c", "write -z 0 18M", path]);
    expect((await inspect(path)).os_type).toBeNull();
    expect((await inspect(path, { snapshot: "before" })).distro).toBe("debian");
    expect((await info(path)).snapshots).toMatchObject([{ id: "1", name: "before" }]);
  });

  it("an aborted signal stops it", async () => {
    await expect(inspect(join(dir, "two.img"), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

async function overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  const handle = await openFile(path, "r+");
  await handle.write(bytes, 0, bytes.length, offset);
  await handle.close();
}

it("says what it cannot look into, instead of that there is no system", async () => {
  const path = join(dir, "squashfs.img");
  await run("mksquashfs", ["/etc/passwd", path, "-quiet", "-no-progress"]);
  expect((await inspect(path)).filesystems).toMatchObject([
    { type: "squashfs", error: "E_TREE_NO_READER: Cannot open /dev/sda: it holds squashfs, which is not read yet" },
  ]);
  const text = await guestkitText(["inspect", path]);
  expect(text).toMatch(/^No operating system in what can be read; not read: \/dev\/sda \(squashfs\)\.$/m);
});
