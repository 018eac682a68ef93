import { Tree } from "../../filesystem/tree.ts";
import { readNamedFile } from "../../host/named-file.ts";
import { Budget } from "../../kit/budget.ts";
import type { Context } from "../../kit/context.ts";
import { isList, isObject, isWhollyKnown, UNKNOWN, type Value, type ValueObject } from "../../model/value.ts";
import type { DiskFormat } from "../../qemu/block/node.ts";
import type { ImageFacts, PartitionFacts } from "../facts/facts.ts";
import { imageFacts } from "../facts/image.ts";
import { Reader } from "../facts/reader.ts";
import { systemFacts } from "../facts/system-facts.ts";
import { debianFiles } from "./debian.ts";
import { DeclaredFiles } from "./files.ts";

/** What a declared disk_image will be, before it is made; null where the declaration does not tell. */
export async function declaredFacts(
  path: string,
  input: ValueObject,
  context: Context,
  factsOf: (path: string, format: DiskFormat | null) => Promise<ImageFacts | null>,
): Promise<ImageFacts | null> {
  const size = typeof input.size === "number" ? input.size : null;
  const { source, backing_file, bootstrap, layout, files } = input;
  if ([source, backing_file, bootstrap, layout, files].includes(UNKNOWN)) return null;
  if (isObject(bootstrap ?? null)) return await bootstrapped(path, input, size ?? 0);
  // What is put into another image may be anything: its content is looked at right before the boot.
  if (isList(files ?? null) && (files as readonly Value[]).length > 0) return null;
  if (typeof backing_file === "string")
    return resized(await factsOf(backing_file, asFormat(input.backing_format)), path, size);
  if (isObject(source ?? null)) return resized(await sourceFacts(source as ValueObject, context), path, size);
  if (layout === null || layout === undefined) return source === null ? blank(path, size ?? 0, []) : null;
  return isObject(layout) && isWhollyKnown(layout) ? laidOut(path, size ?? 0, layout) : null;
}

/** A larger disk keeps what is on it. */
function resized(facts: ImageFacts | null, path: string, size: number | null): ImageFacts | null {
  return facts && { ...facts, path, virtualSize: Math.max(size ?? 0, facts.virtualSize), backingSize: null };
}

/** A source on this host tells what its copy will be; another one is known when it is here. */
async function sourceFacts({ url, format }: ValueObject, context: Context): Promise<ImageFacts | null> {
  if (typeof url !== "string" || /^[a-z]+:(?!\/\/\/)/i.test(url.replace(/^file:/, "file:///"))) return null;
  const path = url.startsWith("file:") ? decodeURIComponent(new URL(url).pathname) : url;
  return await imageFacts(path, { format: asFormat(format) }, context).catch(() => null);
}

const asFormat = (value: Value | undefined) => (value === "raw" || value === "qcow2" ? value : null);

function blank(path: string, virtualSize: number, partitions: readonly PartitionFacts[]): ImageFacts {
  return {
    path,
    format: "declared",
    virtualSize,
    backingSize: null,
    table: partitions.length > 0 ? "gpt" : null,
    sectorSize: partitions.length > 0 ? 512 : null,
    tableFaults: [],
    partitions,
    cutOff: [],
    bios: { code: false, loader: null, emptyCore: null },
    esps: [],
    system: null,
    unread: [],
  };
}

/** Partitions with content may hold a system; of blank ones UUIDs are chosen when they are made. */
function laidOut(path: string, size: number, layout: ValueObject): ImageFacts | null {
  const declared = isList(layout.partitions ?? null) ? (layout.partitions as readonly Value[]).filter(isObject) : [];
  if (declared.some(({ content }) => (content ?? null) !== null)) return null;
  return blank(
    path,
    size,
    declared.map((each, index) => unnamed(index + 1, each.filesystem === "vfat" ? "vfat" : null)),
  );
}

/** Content whose UUID nobody knows yet. */
function unnamed(number: number, filesystem: string | null): PartitionFacts {
  return { number, type: "", name: null, partuuid: null, size: 1 << 30, filesystem, uuid: null, label: null };
}

/** A Debian that is going to be built, and the files that are going to be put into it. */
async function bootstrapped(path: string, input: ValueObject, size: number): Promise<ImageFacts | null> {
  const { bootstrap, files } = input;
  if (!isObject(bootstrap ?? null) || !isWhollyKnown(bootstrap ?? null) || !isWhollyKnown(files ?? null)) return null;
  const declared = bootstrap as ValueObject;
  const all = debianFiles(declared);
  for (const file of isList(files ?? null) ? (files as readonly Value[]).filter(isObject) : []) {
    if (typeof file.path === "string") all.set(file.path, await textOf(file));
  }
  const fs = new DeclaredFiles(all);
  const budget = new Budget();
  const tree = await Tree.assemble([{ target: "/", fs }], budget);
  const system = await systemFacts({ tree, device: "/dev/sda2" }, new Reader(budget), []);
  const boots = declared.kernel !== "none";
  const commandLine = { file: "bootstrap.cmdline", text: String(declared.cmdline ?? "") };
  // The initial RAM disk is made with every driver of the kernel (initramfs-tools' MODULES=most).
  const kernels = (system.kernels ?? []).map((each) => ({ ...each, initrdModules: each.modules?.loadable ?? null }));
  const fallback = { path: "/EFI/BOOT/BOOTX64.EFI", signed: false };
  const esp = { partition: 1, unreadable: false, loaders: [fallback.path], fallback, otherArchs: [] };
  return {
    ...blank(path, size, [unnamed(1, "vfat"), unnamed(2, null)]),
    esps: boots ? [esp] : [],
    system: { ...system, arch: "x86_64", kernels, commandLines: boots ? [commandLine] : [] },
  };
}

/** Most bytes of a file that is looked at before it is in an image (a mount table, a boot entry). */
const TEXT = 1 << 20;

async function textOf({ content, source }: ValueObject): Promise<string> {
  if (typeof source === "string") return await readNamedFile(source, TEXT).then(String, () => "");
  return typeof content === "string" ? content : "";
}
