import { hash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { backingChain } from "../../build/dependants.ts";
import { type GuestTree, openGuestTree, readGuestDisk } from "../../build/guest-disk.ts";
import { readImageHead } from "../../build/header.ts";
import { isLocked } from "../../build/use.ts";
import type { Drift, Observed } from "../../engine/implementation.ts";
import { distrustNote } from "../../host/image-host.ts";
import { imageRecord } from "../../host/image-record.ts";
import { lookAt } from "../../host/look.ts";
import { strangersOf } from "../../host/named-files.ts";
import { readKeptText } from "../../host/plain-file.ts";
import { recordPath } from "../../host/record-file.ts";
import { writeCache } from "../../host/whole-file.ts";
import type { DeviceNode, Disk } from "../../inspect/index.ts";
import type { Context } from "../../kit/context.ts";
import { parseJson } from "../../kit/depth.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { isList, isObject, type Value, type ValueObject } from "../../model/value.ts";
import type { DiskFormat, ImageFile } from "../../qemu/block/node.ts";
import { mayHaveRedo, redoPath } from "../../redo/place.ts";
import { checkDrift, failedChecks } from "./checks.ts";
import { fileState, rememberedFiles, stampOf, stampOfFile, stampOfSources } from "./content.ts";
import type { DeclaredFile, Filed } from "./input.ts";
import { inodeOf, type Memory, readMemory } from "./memory.ts";
import { observedMode } from "./mode.ts";
import { pendingChange } from "./pending.ts";

/** Raised when the answer's shape changes: older cached ones are not taken. */
const CACHE_VERSION = 2;

/** The image as it is: format, sizes, parents, partitions, and what was declared inside it. */
export async function observe(id: string, context: Context): Promise<Observed | null> {
  const found = lookAt(id);
  if (!found?.isFile()) return null;
  const memory = await readMemory(id, found);
  const hasRedo = await mayHaveRedo(id);
  const change = hasRedo ? await pendingChange(id, context) : null;
  const { format, size, chain, inside } = await cached(id, { found, memory, hasRedo }, context);
  const unnamed = memory ? await staleRecord(id, memory, chain, context) : [];
  const virtual = change?.size ?? size ?? Number(found.size);
  const bits = observedMode(Number(found.mode), memory);
  return {
    input: {
      path: id,
      format,
      size: virtual,
      source: memory?.declared.source ?? null,
      backing_file: chain[0] ?? null,
      bootstrap: memory?.declared.bootstrap ?? null,
      layout: memory?.declared.layout ?? null,
      files: inside.files,
      checks: memory?.declared.checks ?? null,
      ...bits.input,
      ...(memory && { delete_protection: memory.declared.delete_protection ?? false }),
    },
    output: {
      virtual_size: virtual,
      actual_size: Number(found.blocks) * 512,
      backing_chain: chain,
      partitions: inside.partitions,
      failed_checks: failedChecks(memory),
      drift: [
        ...inside.drift,
        ...unnamed,
        ...(await checkDrift(memory, context)).map((each) => ({ ...each })),
        ...(change ? [change.drift] : []),
        ...bits.drift.map((each) => ({ ...each })),
      ],
    },
    warnings: [
      ...(memory ? [] : await distrustedRecord(id)),
      ...inside.warnings,
      ...((await isLocked(id, found)) ? [`"${id}" is in use: what it holds may be changing`] : []),
    ],
  };
}

/** What the record says. One that is no image of that format any more is what it looks like. */
async function formatOf(id: string, memory: Memory | null): Promise<DiskFormat> {
  const { format } = memory?.declared ?? {};
  const known = format === "raw" || format === "qcow2" ? format : null;
  const witness = async () => ({ format: known, doubt: null });
  const head = await readImageHead(id, known ? { witness } : {}).catch(() => null);
  return head?.format ?? known ?? "raw";
}

/**
 * A record of an older release does not say of which file it is, and one that says so names another file after the disk got
 * another number: an archive could have brought either. The next apply writes it anew.
 */
async function staleRecord(
  id: string,
  { details }: Memory,
  [parent]: readonly string[],
  { settings }: Context,
): Promise<ValueObject[]> {
  if (parent === undefined || details.file === (await inodeOf(id))) return [];
  const strangers = await strangersOf([{ image: id, files: [parent] }], settings.dataDir);
  const why =
    "its record does not say of this very file what it leans on: an older release's, or the disk's number changed";
  return strangers.length > 0 ? [{ path: "backing_file", why, action: "update" }] : [];
}

/** A record that does not count is told. */
async function distrustedRecord(id: string): Promise<readonly string[]> {
  const why = (await imageRecord(id))?.distrusted;
  return why ? [distrustNote(id, why)] : [];
}

interface Inside {
  readonly files: readonly ValueObject[];
  readonly partitions: readonly ValueObject[];
  readonly drift: readonly ValueObject[];
  readonly warnings: readonly string[];
}

/** What the bytes of an image and of its parents say. */
interface Content {
  readonly format: DiskFormat;
  /** Virtual, bytes; null where its header cannot be read. */
  readonly size: number | null;
  readonly chain: readonly string[];
  readonly inside: Inside;
}

/** The same answer as long as nothing that it came from was touched: an unchanged image costs a few `stat`s. */
async function cached(id: string, looks: Looks, context: Context): Promise<Content> {
  const { found, memory } = looks;
  const path = join(context.settings.cacheDir, "observed", `${digest(id)}.json`);
  const known = parseEntry(await readKeptText(path).catch(() => null));
  const own = await ownStamps(id, looks, context);
  if (known && known.key === (await keyOf(own, known.content.chain))) return known.content;
  const { chain, ...file } = await fileOf(id, found, memory);
  // Before what is inside is read: what changes meanwhile is looked at again by the next plan.
  const key = await keyOf(own, chain);
  const content = { ...file, chain, inside: await lookInside({ path: id, format: file.format }, memory, context) };
  await writeCache(path, JSON.stringify({ key, content }));
  return content;
}

async function fileOf(id: string, found: BigIntStats, memory: Memory | null): Promise<Omit<Content, "inside">> {
  const format = await formatOf(id, memory);
  if (format === "raw") return { format, size: Number(found.size), chain: [] };
  const head = await readImageHead(id, { format }).catch(() => null);
  return { format, size: head?.size ?? null, chain: head?.backing ? await backingChain(id, format) : [] };
}

/** What was seen of an image before it was opened. */
interface Looks {
  readonly found: BigIntStats;
  readonly memory: Memory | null;
  readonly hasRedo: boolean;
}

/** What tells the image with its record, its redo log and the files that were put in from the ones that were looked at. */
async function ownStamps(id: string, { found, memory, hasRedo }: Looks, context: Filed): Promise<readonly unknown[]> {
  const sources = await stampOfSources(declaredFiles(memory), context);
  // A record that counts is in the key itself.
  const paths = [...(memory ? [] : [recordPath(id)]), ...(hasRedo ? [redoPath(id)] : [])];
  const beside = await Promise.all(paths.map(async (path) => [path, await stampOf(path)]));
  return [CACHE_VERSION, stampOfFile(found), beside, sources, memory];
}

/** Its parents as well: what the record of each says decides what it is. */
async function keyOf(own: readonly unknown[], chain: readonly string[]): Promise<string> {
  const records = chain.map(async (each) => recordPath(await realpath(each).catch(() => each)));
  const parents = await Promise.all([...chain, ...(await Promise.all(records))].map(stampOf));
  return digest(JSON.stringify([own, parents]));
}

interface Entry {
  readonly key: string;
  readonly content: Content;
}

/** What an earlier release wrote has another shape, and counts as nothing. */
function parseEntry(text: string | null): Entry | null {
  try {
    const entry = text === null ? null : (parseJson(text) as unknown as Partial<Entry>);
    return Array.isArray(entry?.content?.chain) ? (entry as Entry) : null;
  } catch {
    return null;
  }
}

const digest = (text: string) => hash("sha256", text).slice(0, 32);

function declaredFiles(memory: Memory | null): readonly DeclaredFile[] {
  const files: Value = memory?.declared.files ?? null;
  return isList(files) ? files.filter(isObject).map((each) => each as unknown as DeclaredFile) : [];
}

/** Nothing is said about what cannot be read: a warning is, and nothing is replaced for it. */
async function lookInside(file: ImageFile, memory: Memory | null, context: Filed): Promise<Inside> {
  try {
    return await readGuestDisk(file, (disk) => insideOf(disk, memory, context));
  } catch (error) {
    if (!(error instanceof GuestkitError)) throw error;
    const files = declaredFiles(memory) as unknown as readonly ValueObject[];
    return { files, partitions: [], drift: [], warnings: [error.message] };
  }
}

async function insideOf(disk: Disk, memory: Memory | null, context: Filed): Promise<Inside> {
  const partitions = disk.filesystems.flatMap((each) => describe(each));
  const layout = missingPartitions(memory, disk);
  const contents = await declaredContents(disk, memory, context);
  const drift = [...layout, ...contents.drift].map((each) => ({ ...each }));
  return { ...contents, partitions, drift, warnings: disk.warnings };
}

function describe({ partition, type, label, uuid }: DeviceNode): ValueObject[] {
  if (!partition) return [];
  const { number, name, start, size } = partition;
  const held = { filesystem: type, label, filesystem_uuid: uuid };
  return [{ number, name, type: partition.type, uuid: partition.uuid, start, size, ...held }];
}

/** Declared partitions, told by name on a GPT and by their number otherwise. */
function missingPartitions(memory: Memory | null, disk: Disk): Drift[] {
  const layout = memory?.declared.layout;
  const declared = isObject(layout) && isList(layout.partitions) ? layout.partitions.filter(isObject) : [];
  const volumes = disk.table?.volumes ?? [];
  return declared.flatMap((each, index) => {
    const found =
      disk.table?.scheme === "gpt"
        ? volumes.some((volume) => volume.name === each.name)
        : disk.table !== null && index < volumes.length;
    const why = `partition "${String(each.name)}" is missing from the image`;
    return found ? [] : [{ path: `layout.partitions[${index}]`, why, action: "replace" as const }];
  });
}

async function declaredContents(
  disk: Disk,
  memory: Memory | null,
  context: Filed,
): Promise<Pick<Inside, "files"> & { readonly drift: readonly Drift[] }> {
  const files = declaredFiles(memory);
  const packages = declaredPackages(memory);
  if (files.length === 0 && packages.length === 0) return { files: [], drift: [] };
  const guest = await openGuestTree(disk);
  const remembered = rememberedFiles(memory?.details ?? {});
  const states = [];
  for (const [index, file] of files.entries()) {
    const known = remembered.find((each) => each.path === file.path);
    states.push(await fileState(guest, { file, index, remembered: known }, context));
  }
  return {
    files: states.flatMap(({ value }) => (value ? [value as unknown as ValueObject] : [])),
    drift: [...states.flatMap((each) => each.drift), ...(await missingPackages(guest, packages))],
  };
}

function declaredPackages(memory: Memory | null): readonly string[] {
  const bootstrap = memory?.declared.bootstrap;
  const packages: Value = isObject(bootstrap) ? (bootstrap.packages ?? null) : null;
  return isList(packages) ? packages.map(String) : [];
}

async function missingPackages(guest: GuestTree | null, wanted: readonly string[]): Promise<Drift[]> {
  if (wanted.length === 0) return [];
  const { readDpkg } = await import("../../guest/packages/dpkg/index.ts");
  const installed = new Set<string>();
  for (const each of (guest && (await readDpkg(guest.tree))) ?? []) {
    if (each.status === "installed") installed.add(each.name);
  }
  // A declaration may carry more than the name: name/release, name=version, name:architecture.
  const gone = wanted.filter((each) => !installed.has(each.replace(/[/=:].*$/, "")));
  return gone.map((name) => ({
    path: "bootstrap.packages",
    why: `package ${name} is missing from the image`,
    action: "replace" as const,
  }));
}
