import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { unreadable } from "./fault.ts";
import { type Segment, sectors } from "./group.ts";
import { type DiskState, newestState, readDiskState } from "./raid-superblock.ts";
import type { Owner, Volumes } from "./volumes.ts";

/** Null stands for one that is missing, or was not in step with the others. */
export type Images = readonly (ByteSource | null)[];

export interface WantedImages {
  readonly segment: Segment;
  readonly names: readonly { readonly meta: string | null; readonly image: string }[];
  /** Bytes of each image. */
  readonly memberSize: number;
  /** Whether these are enough. */
  readonly mayLack: (images: Images) => boolean;
  /** What is missing is computed from parity. */
  readonly isParity?: boolean;
}

interface Reading {
  readonly images: Images;
  /** Parity and copies are in step. */
  readonly isInStep: boolean;
}

interface Found {
  readonly image: ByteSource | null;
  readonly state: DiskState | null;
  /** Why there is no image; in words. */
  readonly why: string | null;
}

/** The images of a RAID that can be read. Throws `E_LVM2_MISSING`, and what its superblocks say. */
export async function raidImages(wanted: WantedImages, owner: Owner, volumes: Volumes): Promise<Reading> {
  const { segment, names, memberSize, mayLack, isParity = false } = wanted;
  const offset = sectors(segment.section, "data_offset", 0);
  const found: Found[] = [];
  for (const each of names) found.push(await findImage(each, offset, memberSize, owner, volumes));
  const newest = newestState(found.map(({ state }) => state));
  if (newest) refuseStrange(newest, offset, owner);
  const judged = found.map((each, disk) => judge(each, disk, newest, memberSize));
  const images = judged.map(({ image }) => image);
  const lacks = judged.flatMap(({ why }) => why ?? []);
  const isInStep = (newest?.inStep ?? 0) >= memberSize;
  if (lacks.length === 0) return { images, isInStep };
  if (!mayLack(images)) throw tooFew(owner, lacks, names.length);
  if (isParity && !isInStep) throw outOfStep(owner, lacks);
  volumes.warnings.push(`The logical volume ${owner.name} is degraded: ${lacks.join("; ")}`);
  return { images, isInStep };
}

async function findImage(
  { meta, image }: WantedImages["names"][number],
  offset: number,
  memberSize: number,
  owner: Owner,
  volumes: Volumes,
): Promise<Found> {
  try {
    const source = await volumes.bytes(image, offset, memberSize, owner);
    const state = meta === null ? null : await readDiskState(await volumes.logical(meta, owner));
    return { image: source, state, why: null };
  } catch (error) {
    if (!(error instanceof GuestkitError && error.code === "E_LVM2_MISSING")) throw error;
    return { image: null, state: null, why: error.message.replace(/^.*?: /, "") };
  }
}

function judge(found: Found, disk: number, newest: DiskState | null, memberSize: number): Found {
  const { image, state } = found;
  if (!image || !newest) return found;
  const without = (why: string): Found => ({ image: null, state, why: `its image ${disk} ${why}` });
  if (newest.failed(disk)) return without("had failed");
  if (!state) return without("was not filled yet");
  return state.recovered < memberSize ? without("was being filled") : found;
}

function refuseStrange({ isReshaping, unknown, dataOffset }: DiskState, offset: number, owner: Owner): void {
  if (isReshaping) throw unreadable(owner.name, "RESHAPE", "it is being reshaped", RESHAPE_HELP);
  if (unknown !== 0)
    throw unreadable(owner.name, "FEATURE", `its RAID has unknown features (0x${unknown.toString(16)})`);
  if (dataOffset === offset) return;
  throw unreadable(owner.name, "RESHAPE", `its data starts at ${offset} or at ${dataOffset}`, RESHAPE_HELP);
}

const RESHAPE_HELP = "Let the reshape end in the machine (lvs -a shows it), and read the disk then.";

function tooFew(owner: Owner, lacks: readonly string[], number: number): GuestkitError {
  return unreadable(
    owner.name,
    "MISSING",
    `it lacks ${lacks.length} of ${number} images: ${lacks.join("; ")}`,
    "Give the disks that hold them beside the others: --with IMAGE.",
  );
}

function outOfStep(owner: Owner, lacks: readonly string[]): GuestkitError {
  return unreadable(
    owner.name,
    "DEGRADED",
    `its parity was not in step when it lost an image: ${lacks.join("; ")}`,
    "Give the disk that is missing beside the others: --with IMAGE.",
  );
}
