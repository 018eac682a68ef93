import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { backingChain } from "../../build/dependants.ts";
import { readRecord, recordPath } from "../../engine/record.ts";
import { Unchanged } from "../../host/unchanged.ts";
import type { Settings } from "../../kit/context.ts";
import { eachOf, sharedLook } from "../../kit/shared-look.ts";
import { freshCopies, keptCopies } from "../../machine/disks/copies.ts";
import { type MachineFolder, machineFolder } from "../../machine/folder.ts";
import { listMachines } from "../../machine/list.ts";
import { memoryPath } from "../../machine/memory.ts";
import { isRunning } from "../look/look.ts";
import { announcedFiles } from "./starting.ts";

/** What a machine leans on, of one look: files by what they are. */
interface Leaning {
  readonly name: string;
  /** Null where it has none, or its record does not tell. */
  readonly template: string | null;
  /** Below copies of disks that are kept. */
  readonly kept: readonly string[];
  /** Below what QEMU has open now, or a start is about to make. */
  readonly open: readonly string[];
}

/** How many machines are looked at at a time. */
const PARALLEL = 8;

const looks = new Map<string, () => Promise<readonly Leaning[]>>();

/** One look at all machines serves all who wait for one. */
async function leaningMachines(settings: Settings): Promise<readonly Leaning[]> {
  const key = `${settings.dataDir}\0${settings.runtimeDir}`;
  const look = looks.get(key) ?? sharedLook(() => lookAtAll(settings));
  looks.set(key, look);
  return await look();
}

async function lookAtAll(settings: Settings): Promise<readonly Leaning[]> {
  const identities = new Map<string, Promise<string>>();
  const identify = (path: string): Promise<string> => {
    const known = identities.get(path) ?? identityOf(path);
    identities.set(path, known);
    return known;
  };
  return await eachOf(await listMachines(settings), PARALLEL, (name) =>
    lookAt(name, machineFolder(name, settings), identify),
  );
}

async function lookAt(name: string, folder: MachineFolder, identify: Identify): Promise<Leaning> {
  const announced = await announcedFiles(folder);
  const kept = await layersBelow(await keptCopies(folder));
  const fresh = await freshCopies(folder);
  const open = fresh.length > 0 && (await isRunning(folder)) ? await layersBelow(fresh) : [];
  const all = (paths: readonly string[]) => Promise.all(paths.map(identify));
  const template = await templateOf(folder);
  return { name, template, kept: await all(kept), open: await all([...announced, ...open]) };
}

type Identify = (path: string) => Promise<string>;

const layersBelow = async (copies: readonly string[]): Promise<readonly string[]> =>
  (await Promise.all(copies.map((copy) => backingChain(copy, "qcow2")))).flat();

/**
 * Machines with copies of disks that lean on one of these files: copies that are kept (whatever the declaration says now: a
 * later one may use a copy again that lies there), or that QEMU has open now, or that a start is about to make. One that the
 * next start throws away counts until it is gone. `except` is left out; so is what QEMU has open with `keptAlone`. Sorted.
 */
export async function machinesOver(
  files: readonly string[],
  settings: Settings,
  { except = null, keptAlone = false }: { readonly except?: string | null; readonly keptAlone?: boolean } = {},
): Promise<readonly string[]> {
  const wanted = new Set(await Promise.all(files.map(identityOf)));
  if (wanted.size === 0) return [];
  const isOver = ({ name, kept, open }: Leaning) =>
    name !== except && [...kept, ...(keptAlone ? [] : open)].some((each) => wanted.has(each));
  return (await leaningMachines(settings)).filter(isOver).map(({ name }) => name);
}

/** A file by what it is, under whatever name; one that is gone by its name. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found ? `${found.dev}:${found.ino}` : resolve(path);
}

/** Machines whose declaration names this one as their template, sorted. */
export async function machinesFrom(template: string, settings: Settings): Promise<readonly string[]> {
  const all = await leaningMachines(settings);
  return all.filter((each) => each.name !== template && each.template === template).map(({ name }) => name);
}

const templates = new Unchanged<string | null>(10_000);

/** Of the record alone: it has the name that is asked for, and needs no defaults. */
async function templateOf(folder: MachineFolder): Promise<string | null> {
  const path = memoryPath(folder);
  const read = async () => {
    const declared = (await readRecord(path))?.declared.template_vm;
    return { value: typeof declared === "string" ? declared : null, files: [recordPath(path)] };
  };
  return await templates.get(path, read).catch(() => null);
}
