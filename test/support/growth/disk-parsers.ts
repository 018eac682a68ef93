import { writeTar } from "../../../core/archive/index.ts";
import { makeIso } from "../../../core/build/iso9660/image.ts";
import { openFileSystem } from "../../../core/filesystem/index.ts";
import { Tree } from "../../../core/filesystem/tree.ts";
import { parseManifest } from "../../../core/format/ova/manifest.ts";
import { parseOvf } from "../../../core/format/ova/package.ts";
import { parseDiskDescriptor } from "../../../core/format/parallels/descriptor.ts";
import { parseDescriptor } from "../../../core/format/vmdk/descriptor.ts";
import type { Disk } from "../../../core/inspect/disk.ts";
import { inspectDisk } from "../../../core/inspect/index.ts";
import { findRoots } from "../../../core/inspect/roots.ts";
import { Budget } from "../../../core/kit/budget.ts";
import { containerOf } from "../../../core/luks/metadata.ts";
import { memorySource } from "../../../core/source/memory.ts";
import { zstdFrames } from "../../../core/source/zstd.ts";
import { readExceptions } from "../../../core/volume/lvm2/exceptions.ts";
import { makeLuks2 } from "../luks.ts";
import { MemoryFileSystem, memoryTree } from "../memory-filesystem.ts";
import { encode, fill, fromEach, ofTexts, type Parser, whole } from "./shape.ts";

const PARAGRAPH = "Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1-2\nDescription: x\n y\n\n";

/** A snapshot's store with chunks of 512 bytes, in which every exception stands alone. */
function snapshotStore(exceptions: number): Uint8Array {
  const areas = Math.ceil(exceptions / 32) + 1;
  const bytes = new Uint8Array((1 + 33 * areas) * 512);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of [0x70416e53, 1, 1, 1].entries()) view.setUint32(4 * at, value, true);
  for (let at = 0; at < exceptions; at++) {
    const place = (1 + 33 * Math.floor(at / 32)) * 512 + 16 * (at % 32);
    view.setUint32(place, 2 * ((at * 7919) % exceptions), true);
    view.setUint32(place + 8, 2 + at, true);
  }
  return bytes;
}

export const DISKS: readonly Parser[] = [
  {
    name: "mounts",
    make: (size) => {
      const fs = new MemoryFileSystem({
        "/etc/fstab": fill(size, "LABEL=r /d ext4\n"),
        "/etc/os-release": "",
        "/usr/x": "",
        "/d/": "",
      });
      return () => findRoots([whole(fs)], new Budget());
    },
  },
  {
    name: "a whole inspection",
    make: (size) => {
      const files = Object.fromEntries(
        fromEach(size, (at) => [`/etc/systemd/system/a${at}.target.wants/u${at}.service`, ""]),
      );
      const fs = new MemoryFileSystem({
        ...files,
        "/etc/os-release": "ID=debian\n",
        "/usr/x": "",
        "/var/lib/dpkg/status": fill(size, PARAGRAPH),
      });
      const filesystems = [whole(fs)];
      const budget = new Budget();
      const disk = {
        filesystems,
        budget,
        warnings: [],
        bootCode: new Uint8Array(512),
        findRoots: () => findRoots(filesystems, budget),
      };
      return () => inspectDisk(disk as unknown as Disk);
    },
  },
  {
    name: "ISO 9660: names and their inodes",
    make: async (size) => {
      const files = fromEach(size, (at) => ({ name: `f${at}.txt`, content: new Uint8Array(0) }));
      const bytes = makeIso("label", files);
      return async () => {
        const fs = await openFileSystem(memorySource(bytes));
        if (!fs) throw new Error("no ISO 9660");
        const tree = await Tree.assemble([{ target: "/", fs }], new Budget());
        for (const { node } of await tree.children("/")) await node.fs.stat(node.inode);
      };
    },
  },
  {
    name: "tar: names of a tree",
    make: async (size) => {
      const tree = await memoryTree(Object.fromEntries(fromEach(size, (at) => [`/d/f${at}`, "x"])));
      return () => writeTar(tree, tree.root, ".", () => {});
    },
  },
  ofTexts("OVF: a descriptor", '<File ovf:href="a" ovf:id="f"/>', (text) =>
    parseOvf(`<Envelope><References>${text}</References></Envelope>`, memorySource(new Uint8Array(0)), 0),
  ),
  {
    name: "OVF: a manifest",
    make: (size) => {
      const text = fromEach(size, (at) => `SHA1(a${at})= ${"0".repeat(40)}\n`).join("");
      return () => parseManifest(text, memorySource(new Uint8Array(0)), 0);
    },
  },
  ofTexts(
    "VMDK: a descriptor",
    'RW 8 FLAT "a" 0\n',
    (text) => parseDescriptor(encode(text), memorySource(new Uint8Array(0)), 0),
    "CID=1\n",
  ),
  ofTexts(
    "Parallels: a descriptor, and XML as such",
    "<Storage a='>'><Start>0</Start>&amp;</Storage>",
    (text) => parseDiskDescriptor(text, memorySource(new Uint8Array(0))),
    "<Parallels_disk_image><Disk_size>1</Disk_size>",
  ),
  {
    name: "Zstandard frames",
    make: (size) => {
      const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00];
      const bytes = Uint8Array.from({ length: size }, (_, at) => frame[at % frame.length] ?? 0);
      return () => [...zstdFrames(bytes)];
    },
  },
  {
    name: "chunks that a snapshot keeps",
    make: (size) => {
      const store = memorySource(snapshotStore(size));
      return () => readExceptions(store, "snapshot");
    },
  },
  {
    name: "LUKS2: a header's JSON",
    make: (size) => {
      const bytes = makeLuks2({ plain: new Uint8Array(512), passphrase: "x" });
      const json = new TextDecoder().decode(bytes.subarray(4096, 16_384)).replace(/\0+$/, "");
      const area = new TextEncoder().encode(
        json.replace('"tokens":{', `"tokens":{"1":${JSON.stringify("x".repeat(size))},`),
      );
      return () => containerOf({ name: "disk" }, { uuid: "1", label: "" }, area, []);
    },
  },
];
