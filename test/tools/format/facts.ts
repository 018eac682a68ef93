import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Recipe, Tools } from "./images.ts";

export interface MapEntry {
  readonly start: number;
  readonly length: number;
  readonly depth: number;
  readonly zero: boolean;
  readonly data: boolean;
  readonly offset?: number;
}

/** What QEMU itself says of an image. */
export interface Facts {
  readonly recipe: Recipe;
  readonly info: {
    readonly format: string;
    readonly "virtual-size": number;
    readonly "cluster-size"?: number;
    readonly "backing-filename"?: string;
    readonly "backing-filename-format"?: string;
    readonly snapshots?: readonly { readonly id: string; readonly name: string }[];
    readonly "dirty-flag"?: boolean;
    readonly "format-specific"?: { readonly data: Readonly<Record<string, unknown>> };
  };
  readonly parents: readonly { readonly format: string; readonly "virtual-size": number }[];
  readonly map: readonly MapEntry[];
  readonly compressedClusters: number;
  readonly header: Buffer;
}

export async function learn(recipe: Recipe, tools: Tools): Promise<Facts> {
  const { opened } = recipe;
  const json = async <T>(...args: string[]) => JSON.parse(await tools.img(...args)) as T;
  const chain = await json<Facts["info"][]>("info", "--backing-chain", "--output=json", opened);
  const [info, ...parents] = chain as [Facts["info"], ...Facts["info"][]];
  const map = await json<MapEntry[]>("map", "--output=json", opened);
  const check = info.format === "qcow2" ? await tools.img("check", "--output=json", opened).catch(stdoutOf) : "{}";
  const counted = (JSON.parse(check) as { "compressed-clusters"?: number })["compressed-clusters"] ?? 0;
  return { recipe, info, parents, map, compressedClusters: counted, header: await head(join(tools.dir, opened)) };
}

/** qemu-img check says its findings and exits with 1 to 3. */
function stdoutOf(error: unknown): string {
  return (error as { stdout: string }).stdout;
}

async function head(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    return (await handle.read(Buffer.alloc(4096), 0, 4096, 0)).buffer;
  } finally {
    await handle.close();
  }
}

const data = (facts: Facts) => facts.info["format-specific"]?.data ?? {};
const parentShorter = ({ info, parents }: Facts) => (parents[0]?.["virtual-size"] ?? Infinity) < info["virtual-size"];
const backing = (pattern: RegExp) => (facts: Facts) => pattern.test(facts.info["backing-filename"] ?? "");
const compressed = (type: string) => (facts: Facts) =>
  facts.compressedClusters > 0 && data(facts)["compression-type"] === type;
const unaligned = ({ info, map }: Facts) => map.some(({ start }) => start % (info["cluster-size"] ?? 1) !== 0);

/** Every feature that the reader claims, and how QEMU's own words confirm that an image has it. */
export const features: Readonly<Record<string, (facts: Facts) => boolean>> = {
  "version 2": (facts) => data(facts).compat === "0.10" && facts.header.readUInt32BE(4) === 2,
  "version 3": (facts) => data(facts).compat === "1.1" && facts.header.readUInt32BE(4) === 3,
  "clusters of 512 bytes": ({ info }) => info["cluster-size"] === 512,
  "clusters of 4k": ({ info }) => info["cluster-size"] === 4096,
  "clusters of 64k": ({ info }) => info["cluster-size"] === 65536,
  "clusters of 2M": ({ info }) => info["cluster-size"] === 2 << 20,
  "zlib compressed clusters": compressed("zlib"),
  "zstd compressed clusters": compressed("zstd"),
  "extended L2": (facts) => data(facts)["extended-l2"] === true,
  "subclusters, stored one by one": (facts) => data(facts)["extended-l2"] === true && unaligned(facts),
  "subclusters of a parent": (facts) =>
    data(facts)["extended-l2"] === true && unaligned(facts) && facts.map.some(({ depth }) => depth > 0),
  "compressed clusters with extended L2": (facts) =>
    data(facts)["extended-l2"] === true && facts.compressedClusters > 0,
  "zero clusters": ({ map, info }) =>
    info.format === "qcow2" && map.some(({ depth, zero, data }) => depth === 0 && zero && !data),
  "zero clusters over a parent": ({ map, parents }) =>
    parents.length > 0 && map.some(({ depth, zero, data }) => depth === 0 && zero && !data),
  "zero clusters that are allocated": (facts) =>
    facts.info.format === "qcow2" && facts.map.some((e) => e.zero && "offset" in e),
  "unallocated clusters": ({ map, parents }) => parents.length > 0 && map.some(({ depth }) => depth > 0),
  "lazy refcounts": (facts) => data(facts)["lazy-refcounts"] === true,
  "refcounts of 1 bit": (facts) => data(facts)["refcount-bits"] === 1,
  "refcounts of 64 bits": (facts) => data(facts)["refcount-bits"] === 64,
  dirty: ({ info }) => info["dirty-flag"] === true,
  bitmaps: (facts) => Array.isArray(data(facts).bitmaps),
  "external data file": (facts) =>
    typeof data(facts)["data-file"] === "string" && data(facts)["data-file-raw"] !== true,
  "raw external data file": (facts) => data(facts)["data-file-raw"] === true,
  "relative backing file": backing(/^[a-z]+\.qcow2$/),
  "absolute backing file": backing(/^\//),
  "file: backing file": backing(/^file:/),
  "json: backing file, nested": backing(/^json:.*"file": ?\{/),
  "json: backing file, dotted": backing(/^json:.*"file\.filename"/),
  "json: backing file, a part of it": backing(/^json:.*"offset"/),
  "raw parent": ({ parents }) => parents[0]?.format === "raw",
  "qcow2 parent": ({ parents }) => parents[0]?.format === "qcow2",
  "parent without a format": ({ info }) =>
    info["backing-filename"] !== undefined && info["backing-filename-format"] === undefined,
  "parent shorter than the child": parentShorter,
  "chain of four": ({ parents }) => parents.length === 3,
  "internal snapshots": ({ info }) => (info.snapshots?.length ?? 0) >= 2,
  "internal snapshot opened": ({ recipe, info }) => recipe.snapshot !== undefined && info.snapshots !== undefined,
  "snapshot of another size": ({ recipe, info }) =>
    (recipe.snapshotSize ?? info["virtual-size"]) < info["virtual-size"],
  "raw image": ({ info }) => info.format === "raw",
};
