import { asGuestkitError, type GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { StackContext, StackedDevice, StackGroup } from "../stack.ts";
import { unreadable } from "./fault.ts";
import { type Disks, type Level, levelOf } from "./levels.ts";
import type { RaidLabel, Superblock } from "./member.ts";

const RESHAPE_HELP = "Let it end in the machine (/proc/mdstat shows it), and read the disks then.";
const MEMBERS_HELP = "Give the disks that hold its other members beside these: --with IMAGE.";

/** Members by their place in the array; null where one is missing. */
type Places = readonly (RaidLabel | null)[];

/** The newest superblock counts for all members; one that fell behind is left out. */
export async function assembleArray(labels: readonly RaidLabel[], context: StackContext): Promise<StackGroup> {
  const newest = labels.toSorted((a, b) => (a.superblock.events < b.superblock.events ? 1 : -1))[0] as RaidLabel;
  const { superblock } = newest;
  const name = nameOf(superblock);
  const places = placesOf(labels, superblock);
  const expected = new Set(superblock.roles.filter((role) => role !== null));
  const missing = places.flatMap((each, disk) => (each === null && expected.has(disk) ? [`disk ${disk}`] : []));
  return {
    name,
    uuid: superblock.uuid,
    missing,
    open: async () => {
      const device = `/dev/md${context.arrayNumber()}`;
      const { source, error, level } = openArray(device, superblock, places);
      const on = places.flatMap((each) => each?.member.device ?? []);
      const array: StackedDevice = {
        ...{ kind: "array", device, aliases: aliasesOf(name), uuid: superblock.uuid, size: source?.size ?? 0 },
        ...{ on: [...new Set(on)], source, error, details: detailsOf(superblock, level) },
      };
      return { devices: [array], warnings: source ? warningsOf(device, labels, places) : [] };
    },
  };
}

/** Without the host that made it. */
function nameOf({ name }: Superblock): string {
  return name.slice(name.indexOf(":") + 1);
}

/** Names of files only: what stands there becomes part of a path. */
function aliasesOf(name: string): readonly string[] {
  return /^[A-Za-z0-9_+=.,@%^~-]{1,32}$/.test(name) && name !== "." && name !== ".." ? [`/dev/md/${name}`] : [];
}

/** A member has a place where it and the newest superblock say the same, and where it is not behind. */
function placesOf(labels: readonly RaidLabel[], newest: Superblock): Places {
  const places: (RaidLabel | null)[] = Array(newest.raidDisks).fill(null);
  // Those that are to be replaced come before those that take their places.
  for (const label of labels.toSorted(
    (a, b) => Number(a.superblock.isReplacement) - Number(b.superblock.isReplacement),
  )) {
    const { superblock } = label;
    const role = superblock.roles[superblock.number] ?? null;
    if (role === null || role >= places.length || newest.roles[superblock.number] !== role) continue;
    if (places[role] === null && isFresh(superblock, newest)) places[role] = label;
  }
  return places;
}

/** The kernel lets one update go: it may have stopped between two writes. */
function isFresh(superblock: Superblock, newest: Superblock): boolean {
  const isAlike = superblock.level === newest.level && superblock.raidDisks === newest.raidDisks;
  return isAlike && superblock.events + 1n >= newest.events && superblock.recovered >= usedOf(superblock);
}

function usedOf({ level, size, dataSize }: Superblock): number {
  return level > 0 ? size : dataSize;
}

interface Opened {
  readonly source: ByteSource | null;
  readonly error: GuestkitError | null;
  readonly level: Level | null;
}

function openArray(device: string, superblock: Superblock, places: Places): Opened {
  const { layout, chunk, size, refusal } = superblock;
  const level = levelOf(superblock.level, layout);
  const refuse = (part: string, what: string, help: string) => ({
    ...{ source: null, level, error: unreadable(device, part, what, help) },
  });
  if (refusal) return refuse(refusal.part, refusal.what, RESHAPE_HELP);
  if (!level)
    return refuse("LEVEL", `its level is ${superblock.level}, its layout ${layout}`, "mdadm --examine tells more.");
  const disks = places.map((each) => each?.data ?? null);
  const array: Disks = { name: device, disks, layout, chunk, size, isClean: superblock.isClean };
  try {
    demandSense(level, array);
    if (!level.isEnough(array)) return refuse("MISSING", lacking(places), MEMBERS_HELP);
    const isDegraded = array.disks.includes(null);
    if (isDegraded && level.isParity && !superblock.isClean) {
      return refuse("DIRTY", "it was being written to when it lost a disk: its parity may be older", MEMBERS_HELP);
    }
    const source = level.open(array);
    if (source.size === 0) throw new SyntaxError("it has room for nothing");
    return { source, error: null, level };
  } catch (error) {
    if (error instanceof SyntaxError) return refuse("LAYOUT", error.message, "mdadm --examine tells more.");
    return { source: null, level, error: asGuestkitError(error) };
  }
}

function demandSense({ hasChunks, isParity }: Level, { disks, chunk, size }: Disks): void {
  if (disks.length === 0) throw new SyntaxError("it has no disks");
  if (hasChunks && (chunk < 512 || chunk % 512 !== 0)) throw new SyntaxError(`its chunks are ${chunk} bytes`);
  if (isParity && disks.length > 255) throw new SyntaxError(`it has ${disks.length} disks`);
  if (!Number.isSafeInteger(size * disks.length)) throw new SyntaxError(`its disks have ${size} bytes`);
}

function lacking(places: Places): string {
  const absent = places.flatMap((each, disk) => (each === null ? [disk] : []));
  return `it lacks ${absent.length} of its ${places.length} disks (${absent.slice(0, 20).join(", ")})`;
}

function detailsOf(superblock: Superblock, level: Level | null): StackedDevice["details"] {
  return {
    level: level?.name ?? String(superblock.level),
    ...(level?.layoutName && { layout: level.layoutName }),
    ...(level?.hasChunks && { chunk_size: superblock.chunk }),
    disks: superblock.raidDisks,
    metadata: superblock.version,
  };
}

function warningsOf(device: string, labels: readonly RaidLabel[], places: Places): string[] {
  const used = new Set(places);
  const behind = labels.filter((label) => !used.has(label) && label.superblock.roles[label.superblock.number] !== null);
  return [
    ...behind.map(({ member }) => `${member.device} is left out of ${device}: it is behind the other members`),
    ...(used.has(null) ? [`${device} is degraded: ${lacking(places)}`] : []),
  ];
}
