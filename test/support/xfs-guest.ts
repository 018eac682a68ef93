import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "./fixture.ts";
import { packCpio } from "./guest-parts/cpio.ts";
import { copyModules } from "./guest-parts/kernel.ts";
import { unpackPackages } from "./guest-parts/packages.ts";
import { ROOT_UUID } from "./micro-guest/disk.ts";
import { microGuest } from "./micro-guest/index.ts";
import { BOOT_MODULES } from "./micro-guest/modules.ts";
import { withMount } from "./mounted.ts";
import { holds, isSoundQcow2 } from "./proof.ts";
import { run } from "./tool.ts";

const MIB = 2 ** 20;
const INIT = join(import.meta.dirname, "micro-guest/guest/init");

/** A qcow2 that BIOS boots: the micro guest's disk, its root copied by the kernel to an xfs. */
export async function xfsGuest(): Promise<string> {
  const { imageBios, release } = await microGuest();
  const recipe = { imageBios, release, self: await readFile(import.meta.filename, "utf8") };
  const dir = await fixture("xfs-guest", recipe, (target) => build(imageBios, release, target), prove);
  return join(dir, "disk.qcow2");
}

async function prove(dir: string): Promise<void> {
  await holds(dir, ["disk.qcow2"]);
  await isSoundQcow2(join(dir, "disk.qcow2"));
}

interface Place {
  readonly start: number;
  readonly size: number;
}

async function build(image: string, release: string, target: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "guestkit-xfs-guest-"));
  const at = (name: string) => join(work, name);
  try {
    await run("qemu-img", ["convert", "-O", "raw", image, at("disk")]);
    const [boot, root] = (await placesOf(at("disk"))) as [Place, Place];
    await cut(at("disk"), boot, at("boot"));
    await cut(at("disk"), root, at("ext4"));
    await run("truncate", ["-s", String(root.size), at("xfs")]);
    await run("mkfs.xfs", ["--unsupported", "-q", "-m", `uuid=${ROOT_UUID}`, at("xfs")]);
    const initrd = `initrd.img-${release}`;
    await withMount(at("ext4"), "ro", async (from) => {
      await writeFile(at(initrd), await extended(await readFile(join(from, "boot", initrd)), release, work));
      await withMount(at("xfs"), "rw", (to) => copyRoot(from, to, at(initrd)));
    });
    await run("mcopy", ["-o", "-i", at("boot"), at(initrd), "::/initrd.img"]);
    await putBack(at("boot"), at("disk"), boot);
    await putBack(at("xfs"), at("disk"), root);
    await run("qemu-img", ["convert", "-O", "qcow2", at("disk"), join(target, "disk.qcow2")]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function copyRoot(from: string, to: string, initrd: string): Promise<void> {
  await run("cp", ["-a", `${from}/.`, to]);
  await run("sed", ["-i", "s/ ext4 errors=remount-ro / xfs defaults /", join(to, "etc/fstab")]);
  await copyFile(initrd, join(to, "boot", initrd.replace(/^.*\//, "")));
}

/** The kernel unpacks archives one over the other: the later one has xfs beside the other drivers, and looks for it. */
async function extended(initrd: Uint8Array, release: string, work: string): Promise<Uint8Array> {
  await unpackPackages([`linux-image-${release}`], join(work, "kernel"));
  const root = join(work, "extension");
  await mkdir(root);
  await copyModules(join(work, "kernel"), release, [...BOOT_MODULES, "xfs"], root);
  await writeFile(join(root, "init"), (await readFile(INIT, "utf8")).replaceAll("ext4", "xfs"), { mode: 0o755 });
  return Buffer.concat([initrd, await packCpio(root)]);
}

/** Bytes. */
async function placesOf(disk: string): Promise<readonly Place[]> {
  const { partitiontable } = JSON.parse(await run("sfdisk", ["--json", disk])) as {
    partitiontable: { partitions: readonly Place[] };
  };
  return partitiontable.partitions.map(({ start, size }) => ({ start: start * 512, size: size * 512 }));
}

async function cut(disk: string, { start, size }: Place, to: string): Promise<void> {
  await run("dd", [`if=${disk}`, `of=${to}`, "bs=1M", `skip=${start / MIB}`, `count=${size / MIB}`, "status=none"]);
}

async function putBack(from: string, disk: string, { start }: Place): Promise<void> {
  await run("dd", [`if=${from}`, `of=${disk}`, "bs=1M", `seek=${start / MIB}`, "conv=notrunc", "status=none"]);
}
