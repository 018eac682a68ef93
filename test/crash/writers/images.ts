import { access, chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildAppliance } from "../../../core/appliance/build.ts";
import { APPLIANCE } from "../../../core/appliance/recipe.ts";
import { whereIs } from "../../../core/host/program/process.ts";
import { applianceContext } from "../../support/appliance.ts";
import { run } from "../../support/tool.ts";
import type { Bed } from "../bed.ts";
import { declared, type Look, type Writer } from "../writer.ts";

const SIZE = "16M";
const content = "source/content";
const layout = {
  partitions: [{ name: "root", filesystem: "ext4", content: { directory: content } }],
};
const KEPT = "kept\n".repeat(2000);

export async function layContent(bed: Bed): Promise<void> {
  await mkdir(bed.at(content), { recursive: true });
  await writeFile(bed.at(join(content, "keep")), KEPT);
}

const image = (more: object) => ({ disk_image: { a: { path: "a.img", size: SIZE, ...more } } });
const info: Look = ["info", "a.img", "--json"];
const cat = (path: string): Look => ["cat", "a.img", path];
const whole = { "a.img": [info, cat("/keep")] };
const files = [
  { path: "/new/file", content: "new\n".repeat(3000) },
  { path: "/keep", content: "changed\n" },
];
const changed = { "a.img": [info, cat("/keep"), cat("/new/file")] };

/** The appliance is no writer's: the one that guestkit keeps for this user. */
async function layAppliance(bed: Bed): Promise<void> {
  const { settings } = await applianceContext();
  await buildAppliance(APPLIANCE, { settings, signal: new AbortController().signal, progress: () => {} });
  await mkdir(bed.at("home/cache"), { recursive: true, mode: 0o700 });
  await symlink(join(settings.cacheDir, "appliance"), bed.at("home/cache/appliance"));
}

/** What a kernel alone writes to; smaller ones it does not take. */
const mounted = { layout: { partitions: [{ name: "root", filesystem: "btrfs" }] }, size: "128M" };

/** A disk with an ext4 partition, made by other tools. */
async function laySource(bed: Bed): Promise<void> {
  await layContent(bed);
  await run("mke2fs", ["-q", "-t", "ext4", "-d", bed.at(content), bed.at("source/volume.raw"), SIZE]);
  await run("qemu-img", ["convert", "-O", "qcow2", bed.at("source/volume.raw"), bed.at("source/volume.qcow2")]);
}

/** The same compressed, with a file of checksums. */
async function layPacked(bed: Bed): Promise<void> {
  await laySource(bed);
  await run("sh", [
    "-c",
    'cd "$1" && gzip -kf volume.qcow2 && xz -kf volume.qcow2 && sha256sum *.gz *.xz >SHA256SUMS',
    "sh",
    bed.at("source"),
  ]);
}

const packed = (ending: string) => ({ url: `source/volume.qcow2.${ending}`, sha256: "source/SHA256SUMS" });

/** The same as a disk of VMware's, which guestkit reads itself, and in an archive, to be taken out of it. */
async function layForeign(bed: Bed): Promise<void> {
  await laySource(bed);
  await run("sh", [
    "-c",
    `cd "$1" && qemu-img convert -O vmdk volume.raw volume.vmdk && gzip -kf volume.raw &&
    echo '<Envelope><References><File id="f" href="volume.raw.gz" compression="gzip"/></References><DiskSection><Disk fileRef="f"/></DiskSection></Envelope>' >box.ovf &&
    tar cf box.ova --format=ustar box.ovf volume.raw.gz`,
    "sh",
    bed.at("source"),
  ]);
}

/** A change that was cut off once it bound: what is old and what is new look the same. */
async function layRedo(bed: Bed): Promise<void> {
  await layContent(bed);
  await bed.apply(image({ layout }));
  await bed.declare(image({ layout, files }));
  const shims = bed.at("source/shims");
  await mkdir(shims);
  const shim = join(shims, "qemu-img");
  await writeFile(
    shim,
    `#!/bin/sh\n[ "$1" != commit ] || { kill -9 $PPID; exit 1; }\nexec ${whereIs("qemu-img")} "$@"\n`,
  );
  await chmod(shim, 0o755);
  await bed.run(["apply", "--auto-approve"], { env: { PATH: `${shims}:${process.env.PATH}` } });
  await access(bed.at(".a.img.guestkit-redo"));
}

export const images: readonly Writer[] = [
  declared("blank-qcow2", null, () => image({}), { "a.img": [info] }),
  declared("blank-raw", null, () => image({ format: "raw" }), { "a.img": [info] }),
  declared("layout-qcow2", null, () => image({ layout }), whole, layContent),
  declared("layout-raw", null, () => image({ layout, format: "raw", files }), changed, layContent),
  declared("convert", null, () => image({ size: "24M", source: { url: "source/volume.qcow2" } }), whole, laySource),
  declared("unpack", null, () => image({ size: "24M", source: packed("gz") }), whole, layPacked),
  declared("unpack-xz", null, () => image({ size: "24M", source: packed("xz") }), whole, layPacked),
  declared("flatten", null, () => image({ size: "24M", source: { url: "source/volume.vmdk" } }), whole, layForeign),
  declared("member", null, () => image({ size: "24M", source: { url: "source/box.ova" } }), whole, layForeign),
  declared("files-qcow2", image({ layout }), () => image({ layout, files }), changed, layContent),
  declared(
    "files-raw",
    image({ layout, format: "raw" }),
    () => image({ layout, format: "raw", files }),
    changed,
    layContent,
  ),
  declared(
    "files-kernel",
    image(mounted),
    () => image({ ...mounted, files }),
    { "a.img": [info, cat("/keep"), cat("/new/file")] },
    layAppliance,
  ),
  declared("grow-qcow2", image({ layout }), () => image({ layout, size: "32M" }), whole, layContent),
  declared(
    "grow-raw",
    image({ layout, format: "raw" }),
    () => image({ layout, format: "raw", size: "32M" }),
    whole,
    layContent,
  ),
  declared("grow-files", image({ layout }), () => image({ layout, files, size: "32M" }), changed, layContent),
  declared(
    "grow-files-raw",
    image({ layout, format: "raw" }),
    () => image({ layout, files, format: "raw", size: "32M" }),
    changed,
    layContent,
  ),
  {
    ...declared("redo-left", image({ layout }), () => image({ layout, files }), changed, layContent),
    old: layRedo,
  },
  {
    ...declared("create-verb", null, () => ({}), { "a.img": [info] }),
    command: ["create", "--size", SIZE, "--fs", "ext4", "--format", "raw", "a.img"],
    // Once it is there it is not made again.
    again: [0, 1],
  },
  declared("replace", image({ layout }), () => image({ layout, format: "raw", files }), changed, layContent),
  declared(
    "overlay",
    image({ layout }),
    overlay,
    {
      "a.img": [info],
      "b.img": [
        ["info", "b.img", "--json"],
        ["cat", "b.img", "/keep"],
      ],
    },
    layContent,
  ),
];

function overlay(): object {
  const { disk_image } = image({ layout });
  return { disk_image: { ...disk_image, b: { path: "b.img", backing_file: "a.img" } } };
}
