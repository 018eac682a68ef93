import { stat } from "node:fs/promises";
import type { HeadOptions } from "../build/header.ts";
import { unknownContent } from "../build/unknown-content.ts";
import { isLocked } from "../build/use.ts";
import { keyFileFault } from "../communicator/ssh/key-file.ts";
import type { Goes } from "../engine/implementation.ts";
import { readRecord } from "../engine/record.ts";
import { keysOf } from "../guest/ssh-server.ts";
import { callerFiles, readCallerFile } from "../host/caller-files.ts";
import { asCallerPath, beside, isElsewhere, ownPath } from "../kit/caller-path.ts";
import type { Context } from "../kit/context.ts";
import { GuestkitError } from "../kit/errors.ts";
import { diskWitness, refusalOfMedium } from "../machine/disks/chain.ts";
import { isRecreated } from "../machine/disks/effective.ts";
import { contentFile, writtenFile } from "../machine/disks/own-disk.ts";
import { machineFolder } from "../machine/folder.ts";
import { isHeldByGoing } from "../machine/holder.ts";
import { listMachines } from "../machine/list.ts";
import type { Machine, MachineDisk } from "../machine/machine.ts";
import { readMemory } from "../machine/memory.ts";
import { isObject, UNKNOWN, type ValueObject } from "../model/value.ts";
import type { DiskFormat } from "../qemu/block/node.ts";
import type { Lack } from "../share/kind.ts";
import { kindOf } from "../share/table.ts";
import type { ImageFacts } from "./facts/facts.ts";
import { imageFacts } from "./facts/image.ts";
import type { DiskSubject, OtherMachine, Seed, World } from "./subject.ts";

/** What an engine has planned for things that do not exist yet (engine/declared.ts). */
export type DeclaredThings = (contract: string, id: string) => ValueObject | null;

export interface LookOptions {
  readonly declared: DeclaredThings;
  /** What is gone by the boot. */
  readonly goes?: Goes;
  /** At the images below overlays even where a machine has written to its own. */
  readonly bases?: boolean;
}

/**
 * Looks at all that an effective machine stands on. Nothing of it is changed; what cannot be read is told, never thrown.
 */
export async function lookAround(
  machine: Machine,
  context: Context,
  { declared, goes = () => false, bases = false }: LookOptions,
): Promise<World> {
  const folder = machineFolder(String(machine.name), context.settings);
  const memory = await readMemory(folder).catch(() => null);
  const made = memory?.details.ready === true;
  const images = imagesOf(machine);
  const locked = new Set<string>();
  for (const [, { image }] of images) {
    if ((await isLocked(image)) && !(await isHeldByGoing(image, goes, context.settings))) locked.add(image);
  }
  const looks = new Map<string, Look>();
  for (const [key, disk] of images) {
    const content = made && !bases ? await contentFile(key, disk, folder) : disk.image;
    // The machine itself is writing to it now: it booted, and what is read may not fit together.
    const busy = made && content === writtenFile(key, disk, folder) && (await isLocked(content));
    const known = content === disk.image ? disk.format : "qcow2";
    const options = { format: known, witness: diskWitness(content, folder) };
    looks.set(key, { content, options, found: busy ? NOTHING : await lookAt(content, options, context, declared) });
  }
  return {
    disks: await lookTogether(looks, context),
    seed: await withConfig(await seedOf(machine, declared)),
    made: made || (await templateBooted(machine, context)),
    missing: await missingFiles(machine, declared, context),
    noMedia: await noMedia(machine, declared),
    locked,
    publicKey: await publicKeyOf(machine, context),
    keyFault: await keyFault(machine),
    others: (await otherMachines(String(machine.name), context)).filter(({ name }) => !goes(name, "virtual_machine")),
    shareLacks: await shareLacks(machine),
  };
}

/** By UEFI, which remembers how: the first boot of what is on the disks has happened there. */
async function templateBooted({ template_vm }: Machine, { settings }: Context): Promise<boolean> {
  return typeof template_vm === "string" && (await isThere(machineFolder(template_vm, settings).nvram));
}

/** A disk's image, how it is opened, and what it tells alone. */
interface Look {
  readonly content: string;
  readonly options: HeadOptions;
  readonly found: Found;
}

type Found = Omit<DiskSubject, "key" | "disk">;

/** What stands on several disks of the machine is looked at once more, with them. */
async function lookTogether(looks: ReadonlyMap<string, Look>, context: Context): Promise<ReadonlyMap<string, Found>> {
  const there = [...looks].flatMap(([key, { content, found }]) =>
    found.facts && !found.declared ? [{ key, path: content, format: found.facts.format }] : [],
  );
  const found = new Map<string, Found>();
  for (const [key, look] of looks) {
    const others = there.filter((each) => each.key !== key).map(({ path, format }) => ({ path, format }));
    const options = { ...look.options, with: others };
    const isPart = look.found.facts?.lacking === true && others.length > 0;
    const facts = isPart ? await imageFacts(look.content, options, context).catch(() => null) : null;
    found.set(key, facts ? { ...look.found, facts } : look.found);
  }
  return found;
}

const NOTHING = { facts: null, error: null, declared: false };

function imagesOf({ disks }: Machine): readonly (readonly [string, MachineDisk])[] {
  const all = isObject((disks ?? null) as never) ? Object.entries(disks) : [];
  return all.filter(([, disk]) => isObject(disk as never) && typeof disk.image === "string");
}

/** A planned image by its declaration, one that is there by its content. */
async function lookAt(
  image: string,
  options: HeadOptions,
  context: Context,
  declared: DeclaredThings,
  depth = 0,
): Promise<Found> {
  const planned = declared("disk_image", image);
  try {
    if (planned) {
      const { declaredFacts } = await import("./declared/image.ts");
      const factsOf = async (path: string, format: DiskFormat | null): Promise<ImageFacts | null> =>
        depth < MAX_DEPTH ? (await lookAt(path, { format }, context, declared, depth + 1)).facts : null;
      return { facts: await declaredFacts(image, planned, context, factsOf), error: null, declared: true };
    }
    if (!(await isThere(image))) return NOTHING;
    const facts = await imageFacts(image, options, context);
    const isBare = facts.format === "raw" && facts.table === null && facts.partitions.length === 0;
    const unknown = isBare && (await unknownContent(image, options)) !== null;
    return { facts, error: null, declared: false, unknown };
  } catch (error) {
    context.signal.throwIfAborted();
    const refused = error instanceof GuestkitError && NO_DISK.includes(error.code);
    const why = error instanceof Error ? error.message : String(error);
    return { facts: null, error: why, declared: planned !== null, refused };
  }
}

const MAX_DEPTH = 16;
const NO_DISK: readonly string[] = ["E_IMAGE_FORMAT", "E_SOURCE_FORMAT"];

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** The library that reads YAML is loaded for a raw document alone. */
async function withConfig(seed: Seed | null): Promise<Seed | null> {
  const text = seed?.fields.user_data;
  if (!seed || typeof text !== "string" || !/^#cloud-config(?=\s|$)/.test(text)) return seed;
  const { readDocument } = await import("../seed/document.ts");
  return { ...seed, config: readDocument(text).value };
}

/** cloud_init, else a seed of its own resource in a drive. */
async function seedOf({ cloud_init, cdroms }: Machine, declared: DeclaredThings): Promise<Seed | null> {
  if ((cloud_init as unknown) === UNKNOWN) return { fields: { user_data: UNKNOWN }, path: ["cloud_init"] };
  if (cloud_init) return { fields: cloud_init, path: ["cloud_init"] };
  for (const [key, drive] of isObject((cdroms ?? null) as never) ? Object.entries(cdroms) : []) {
    if (typeof drive?.image !== "string") continue;
    const planned = declared("cloud_init_seed", drive.image);
    const record = planned ? null : await readRecord(drive.image).catch(() => null);
    const fields = planned ?? (record?.contract === "cloud_init_seed" ? record.declared : null);
    if (fields) return { fields, path: ["cdroms", key, "image"] };
  }
  return null;
}

async function missingFiles(
  machine: Machine,
  declared: DeclaredThings,
  context: Context,
): Promise<ReadonlySet<string>> {
  const media = values(machine.cdroms).flatMap(({ image }) =>
    declared("cloud_init_seed", String(image)) ? [] : [image],
  );
  const named: readonly unknown[] = [
    ...imagesOf(machine).map(([, { image }]) => image),
    ...media.filter((image) => typeof image !== "string" || !declared("disk_image", image)),
    machine.kernel,
    machine.initrd,
    ...values(machine.shares).map(({ path }) => path),
    machine.ssh?.private_key,
    ...(Array.isArray(machine.provision) ? machine.provision.map((each) => each?.file) : []),
  ];
  const paths = [...new Set(named.filter((each) => typeof each === "string"))];
  const { look } = callerFiles(context);
  const there = await Promise.all(paths.map((path) => look(asCallerPath(path)).catch(() => null)));
  return new Set(paths.filter((_, index) => !there[index]));
}

/** What cannot be read is another rule's. */
async function noMedia({ cdroms }: Machine, declared: DeclaredThings): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { image } of values(cdroms)) {
    if (typeof image !== "string" || declared("cloud_init_seed", image) || declared("disk_image", image)) continue;
    const refusal = await refusalOfMedium(image).catch(() => null);
    if (refusal) found.set(image, refusal.why);
  }
  return found;
}

function values<T>(map: Readonly<Record<string, T>> | null): readonly T[] {
  const found = isObject((map ?? null) as never) ? Object.values(map as Readonly<Record<string, T>>) : [];
  return found.filter((each) => isObject(each as never));
}

async function publicKeyOf({ ssh }: Machine, context: Context): Promise<string | null> {
  const path = ssh?.private_key;
  if (typeof path !== "string") return null;
  const half = await readCallerFile(beside(path, ".pub"), context, LONGEST_KEY).catch(() => "");
  return keysOf(String(half))[0] ?? null;
}

/** Most bytes of a public key. */
const LONGEST_KEY = 1 << 20;

/** A plan brings no private key over from another machine. */
async function keyFault({ ssh }: Machine): Promise<string | null> {
  const path = ssh?.private_key;
  return typeof path === "string" && !isElsewhere(path) ? await keyFileFault(ownPath(path)) : null;
}

/** What this host lacks for the shares whose kind and folder are known. */
async function shareLacks({ shares }: Machine): Promise<Readonly<Record<string, Lack>>> {
  const all = isObject((shares ?? null) as never) ? Object.entries(shares) : [];
  const found = all.map(async ([name, share]): Promise<[string, Lack][]> => {
    if (!isObject(share as never) || typeof share.kind !== "string" || typeof share.path !== "string") return [];
    const lack = await kindOf(share).lacks(share);
    return lack ? [[name, lack]] : [];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
}

/** A record that cannot be read says nothing of its machine. */
async function otherMachines(own: string, context: Context): Promise<readonly OtherMachine[]> {
  const found: OtherMachine[] = [];
  for (const name of await listMachines(context.settings)) {
    if (name === own) continue;
    const memory = await readMemory(machineFolder(name, context.settings)).catch(() => null);
    const all = Object.values(memory?.machine.disks ?? {});
    // A copy that is thrown away leans on nothing while the machine stands still; a start asks those that run.
    const disks = memory && isRecreated(memory.machine) ? all.filter(({ overlay }) => !overlay) : all;
    if (memory)
      found.push({
        name,
        disks: disks.map((each) => ({ image: each.image, overlay: each.overlay, readOnly: each.read_only })),
      });
  }
  return found;
}
