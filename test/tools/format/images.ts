import { randomBytes } from "node:crypto";
import { copyFile, mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../support/run.ts";

/** An image made by QEMU's own tools; `opened` says which of the files in the folder is read. */
export interface Recipe {
  readonly name: string;
  readonly build: (tools: Tools) => Promise<void>;
  readonly opened: string;
  readonly snapshot?: string;
  /** The virtual size that the snapshot has, where it differs from the image's own. */
  readonly snapshotSize?: number;
}

export interface Tools {
  readonly dir: string;
  readonly img: (...args: string[]) => Promise<string>;
  readonly io: (file: string, ...commands: string[]) => Promise<string>;
}

/** The tools run in the image's folder, where QEMU looks for relative names in `json:`. */
export function toolsIn(dir: string): Tools {
  const at = (tool: string, args: readonly string[]) => run("sh", ["-c", 'cd "$0" && exec "$@"', dir, tool, ...args]);
  return {
    dir,
    img: (...args) => at("qemu-img", args),
    io: (file, ...commands) => at("qemu-io", [...commands.flatMap((command) => ["-c", command]), file]),
  };
}

const MiB = 1 << 20;
export const CONTENT_SIZE = 12 * MiB + 1536;

/** Random, compressible and empty stretches, and an end that no cluster is aligned to. */
export async function makeContent(dir: string): Promise<void> {
  const content = Buffer.alloc(CONTENT_SIZE);
  randomBytes(2 * MiB).copy(content, MiB + 4096);
  content.fill("guestkit reads what qemu wrote. ", 5 * MiB, 8 * MiB + 700);
  randomBytes(1536).copy(content, 12 * MiB);
  await writeFile(join(dir, "content.raw"), content);
  await writeFile(join(dir, "small.raw"), content.subarray(0, 2 * MiB + 512));
}

/** Writes at odd places, zeroes and discards, so that every kind of cluster is there. */
const SCRIBBLE = [
  "write -P 0x11 5000 3000",
  "write -P 0x22 1M 200k",
  "write -P 0x33 3145216 70k",
  "write -z 1200k 64k",
  "write -z 5M 1M",
  "write -zu 6400k 300k",
  "write -P 0x44 6500k 5k",
  "discard 1M 64k",
  "write -P 0x55 12582912 1536",
];

const converted = (name: string, ...options: string[]): Recipe => ({
  name,
  opened: "image.qcow2",
  build: async ({ img }) => {
    await img("convert", "-f", "raw", "-O", "qcow2", ...options, "content.raw", "image.qcow2");
  },
});

const scribbled = (name: string, options: string, after: readonly string[] = []): Recipe => ({
  name,
  opened: "image.qcow2",
  build: async ({ img, io }) => {
    await img("create", "-q", "-f", "qcow2", ...(options ? ["-o", options] : []), "image.qcow2", `${CONTENT_SIZE}`);
    await io("image.qcow2", ...SCRIBBLE, ...after);
  },
});

/** `backing` is what is written into the header; `format` its format, left out when empty. */
const overlay = (name: string, backing: string | ((dir: string) => string), format: string): Recipe => ({
  name,
  opened: "image.qcow2",
  build: async ({ dir, img, io }) => {
    await img("convert", "-f", "raw", "-O", "qcow2", "-c", "content.raw", "base.qcow2");
    const named = typeof backing === "string" ? backing : backing(dir);
    await img("create", "-q", "-f", "qcow2", "-u", "-b", named, "-F", format || "qcow2", "image.qcow2", "13M");
    if (!format) await img("rebase", "-u", "-b", named, "-F", "", "image.qcow2").catch(() => dropFormat(dir));
    await io("image.qcow2", ...SCRIBBLE);
  },
});

/** An image whose header does not say its parent's format, as old ones do. */
async function dropFormat(dir: string): Promise<void> {
  await run("python3", ["-c", DROP_FORMAT, join(dir, "image.qcow2")]);
}
const DROP_FORMAT = `
import sys
f = open(sys.argv[1], "r+b")
head = bytearray(f.read(4096))
at = head.index(bytes.fromhex("e2792aca"))
head[at:at + 4] = b"junk"
f.seek(0)
f.write(head)
`;

const snapshots = (name: string, compat: string, snapshot?: string, snapshotSize?: number): Recipe => ({
  name,
  opened: "image.qcow2",
  ...(snapshot !== undefined && { snapshot }),
  ...(snapshotSize !== undefined && { snapshotSize }),
  build: async ({ img, io }) => {
    await img("create", "-q", "-f", "qcow2", "-o", `compat=${compat}`, "image.qcow2", "8M");
    await io("image.qcow2", "write -P 1 0 3M", "write -P 2 6M 100k");
    await img("snapshot", "-c", "first", "image.qcow2");
    await io("image.qcow2", "write -P 3 1M 2M", "write -P 4 7M 64k", "write -P 5 6200k 9k");
    await img("snapshot", "-c", "zweiter Stand é", "image.qcow2");
    if (compat === "1.1") await img("resize", "image.qcow2", "16M");
    await io("image.qcow2", "write -P 6 0 64k");
  },
});

export const recipes: readonly Recipe[] = [
  converted("version 3, 64k clusters"),
  converted("version 2", "-o", "compat=0.10"),
  converted("clusters of 512 bytes", "-o", "cluster_size=512"),
  converted("clusters of 2M", "-o", "cluster_size=2M"),
  converted("zlib", "-c"),
  converted("zlib, version 2, clusters of 512", "-c", "-o", "cluster_size=512,compat=0.10"),
  converted("zlib, clusters of 2M", "-c", "-o", "cluster_size=2M"),
  converted("zstd", "-c", "-o", "compression_type=zstd"),
  converted("zstd, clusters of 4k", "-c", "-o", "compression_type=zstd,cluster_size=4k"),
  converted("zstd, clusters of 2M", "-c", "-o", "compression_type=zstd,cluster_size=2M"),
  converted("compressed with extended L2", "-c", "-o", "extended_l2=on,cluster_size=32k"),
  converted("metadata preallocated", "-o", "preallocation=metadata"),
  converted("falloc preallocated", "-o", "preallocation=falloc"),
  scribbled("all kinds of clusters", ""),
  scribbled("all kinds of clusters, 4k", "cluster_size=4k"),
  scribbled("all kinds of subclusters", "extended_l2=on,cluster_size=16k"),
  scribbled("all kinds of subclusters, 2M", "extended_l2=on,cluster_size=2M"),
  scribbled("refcounts of 1 bit", "refcount_bits=1"),
  scribbled("refcounts of 64 bits", "refcount_bits=64"),
  scribbled("lazy refcounts", "lazy_refcounts=on"),
  scribbled("external data file", "data_file=outside.data"),
  scribbled("raw external data file", "data_file=outside.raw,data_file_raw=on"),
  scribbled("raw external data file, extended L2", "data_file=outside.raw,data_file_raw=on,extended_l2=on"),
  {
    ...scribbled("dirty", "lazy_refcounts=on"),
    build: async ({ img, io }) => {
      await img("create", "-q", "-f", "qcow2", "-o", "lazy_refcounts=on", "image.qcow2", "4M");
      await io("image.qcow2", "write -P 7 1M 100k", "flush", "abort").catch(() => {});
    },
  },
  {
    ...scribbled("bitmap", ""),
    build: async (tools) => {
      await scribbled("", "").build(tools);
      await tools.img("bitmap", "--add", "image.qcow2", "changes");
    },
  },
  overlay("relative parent", "base.qcow2", "qcow2"),
  overlay("parent in the way of file:", "file:base.qcow2", "qcow2"),
  overlay("absolute parent", (dir) => join(dir, "base.qcow2"), "qcow2"),
  overlay("raw parent", "content.raw", "raw"),
  overlay("raw parent that is shorter", "small.raw", "raw"),
  overlay("parent without a format", "base.qcow2", ""),
  overlay(
    "json: with nested options",
    'json:{"driver":"qcow2","file":{"driver":"file","filename":"base.qcow2"}}',
    "qcow2",
  ),
  overlay("json: with dotted options", 'json:{"file.filename":"base.qcow2"}', "qcow2"),
  overlay(
    "json: of a part of a raw file",
    'json:{"driver":"raw","offset":1048576,"size":4194304,"file":{"driver":"file","filename":"content.raw"}}',
    "raw",
  ),
  {
    name: "chain of four, the middle one short",
    opened: "image.qcow2",
    build: async ({ img, io }) => {
      await img("convert", "-f", "raw", "-O", "qcow2", "content.raw", "one.qcow2");
      const above = (child: string, parent: string, size: string, options: string) =>
        img("create", "-q", "-f", "qcow2", "-o", options, "-b", parent, "-F", "qcow2", child, size);
      await above("two.qcow2", "one.qcow2", "6M", "cluster_size=4k");
      await io("two.qcow2", "write -P 8 100k 1M", "write -z 2M 64k");
      await above("three.qcow2", "two.qcow2", "10M", "extended_l2=on,cluster_size=64k");
      await io("three.qcow2", "write -P 9 700k 2k", "write -z 1800k 6k", "write -P 10 9M 2k");
      await above("image.qcow2", "three.qcow2", "20M", "compat=0.10");
      await io("image.qcow2", "write -P 11 5M 64k", "write -P 12 15M 3k");
    },
  },
  {
    name: "overlay with subclusters",
    opened: "image.qcow2",
    build: async ({ img, io }) => {
      await img("create", "-q", "-f", "qcow2", "-b", "content.raw", "-F", "raw", "-o", "extended_l2=on", "image.qcow2");
      await io("image.qcow2", ...SCRIBBLE);
    },
  },
  { name: "raw", opened: "content.raw", build: async () => {} },
  {
    name: "sparse and large",
    opened: "image.qcow2",
    build: async ({ dir, img, io }) => {
      await img("create", "-q", "-f", "qcow2", "image.qcow2", "300G");
      await io("image.qcow2", "write -P 13 299G 64k", "write -P 14 100G 4k");
      await truncate(join(dir, "small.raw"), 0);
    },
  },
  snapshots("snapshots, the present", "1.1"),
  snapshots("snapshot by name, before growing", "1.1", "first", 8 * MiB),
  snapshots("snapshot by id", "1.1", "2", 8 * MiB),
  snapshots("snapshot of version 2", "0.10", "zweiter Stand é"),
];

/** Tools, and the path of a name in their folder. */
export interface Place extends Tools {
  readonly at: (name: string) => string;
}

/** Makes folders below `dir`, one a call, each with its `content.raw`: what one test makes is not another's. */
export function placesIn(dir: string): () => Promise<Place> {
  let made = 0;
  return async () => {
    const own = join(dir, `${made++}`);
    await mkdir(own);
    await copyFile(join(dir, "content.raw"), join(own, "content.raw"));
    return { ...toolsIn(own), at: (name) => join(own, name) };
  };
}
