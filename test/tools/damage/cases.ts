import { GuestkitError } from "../../../core/kit/errors.ts";
import { Random } from "../../support/random.ts";
import { blockContent, blockStructures } from "./block-structures.ts";
import { btrfsStructures } from "./btrfs-structures.ts";
import { diffFaults } from "./diff-faults.ts";
import { diskStructures } from "./disk-structures.ts";
import { contentRanges, ext4Structures } from "./ext4-structures.ts";
import { extentStructures } from "./extent-structures.ts";
import { fatStructures } from "./fat-structures.ts";
import { type BaseImage, baseImages, type Family } from "./images.ts";
import { livePieces, type Mutation, mutateBytes, mutateFields, type Target } from "./mutate.ts";
import { qcowStructures } from "./qcow-structures.ts";
import { qcow2Structures } from "./qcow2-structures.ts";
import { type Reading, readEverything } from "./read.ts";
import type { Structure } from "./structure.ts";
import { xfsContent, xfsStructures } from "./xfs-structures.ts";

/** What one seed came to. */
export interface Outcome {
  readonly image: string;
  readonly mutation: Mutation;
  /** Codes of the errors, with a note where their place has no offset. */
  readonly codes: readonly string[];
  /** What must never be. */
  readonly faults: readonly string[];
}

interface Base extends BaseImage, Target {
  readonly bytes: Uint8Array;
  readonly pristine: Uint8Array;
  readonly live: readonly number[];
  readonly facts: ReadonlyMap<string, string>;
  /** Where content without checksums is; null where damage in metadata may go unseen as well. */
  readonly content: readonly (readonly [number, number])[] | null;
}

const STRUCTURES: Readonly<Record<Family, (bytes: Uint8Array) => Structure[]>> = {
  ext4: ext4Structures,
  fat: fatStructures,
  disk: diskStructures,
  qcow2: qcow2Structures,
  blocks: blockStructures,
  qcow: qcowStructures,
  extents: extentStructures,
  xfs: xfsStructures,
  btrfs: btrfsStructures,
};
/** Every structure of them has a checksum, and no journal may speak for another state. */
const CHECKED = ["ext4-plain", "ext4-deep", "ext4-inline", "ext4-bigalloc"];
/** A file system alone, whose diff from what it was is held against what reading it says. */
const COMPARED: readonly Family[] = ["ext4", "fat", "xfs", "btrfs"];
/** Larger images are put back piece by piece. */
const SMALL = 4 << 20;

/** Which images are damaged: `^vhd` for a campaign against one reader. */
const CHOSEN = new RegExp(process.env.GUESTKIT_DAMAGE_IMAGES ?? "");

export class Cases {
  readonly #bases: readonly Base[];
  readonly #files: ReadonlyMap<string, Uint8Array>;

  private constructor(bases: readonly Base[], files: ReadonlyMap<string, Uint8Array>) {
    this.#bases = bases;
    this.#files = files;
  }

  /** Builds or finds the images and reads each, whole, once. */
  static async prepare(): Promise<Cases> {
    const { images, files } = await baseImages();
    const bases: Base[] = [];
    for (const image of images.filter(({ name }) => CHOSEN.test(name))) bases.push(await prepare(image, files));
    return new Cases(bases, files);
  }

  /** An odd seed damages bytes, an even one fields in use whose checksums it mends. */
  async run(seed: number): Promise<Outcome> {
    const random = new Random(seed);
    const base = random.pick(this.#bases);
    const mutation = seed % 2 === 0 ? mutateFields(base, random) : mutateBytes(base, base.live, random);
    const bytes = base.bytes.subarray(0, mutation.length);
    const { name, family } = base;
    const thorough = random.below(6) === 0;
    const reading = await readEverything({ family, name, bytes, thorough, files: this.#files });
    const sides = seed % 4 < 2 ? ([base.pristine, bytes] as const) : ([bytes, base.pristine] as const);
    const compared = thorough && COMPARED.includes(family) ? await diffFaults(...sides) : [];
    restore(base, mutation);
    const wrong = [...reading.errors.flatMap(wrongError), ...lies(base, mutation, reading)];
    const faults = [...reading.faults, ...wrong, ...compared];
    return { image: name, mutation, codes: reading.errors.map(codeOf), faults };
  }
}

async function prepare(image: BaseImage, files: ReadonlyMap<string, Uint8Array>): Promise<Base> {
  const { name, family, bytes } = image;
  const reading = await readEverything({ family, name, bytes, files, thorough: true });
  const [first] = [...reading.errors.map(String), ...reading.faults];
  if (first !== undefined) throw new Error(`${name} is not whole: ${first}`);
  const structures = new Map<string, Structure[]>();
  for (const each of STRUCTURES[family](bytes)) {
    structures.set(each.kind, [...(structures.get(each.kind) ?? []), each]);
  }
  const content = contentOf(name, bytes);
  return {
    ...image,
    structures,
    bytes: bytes.slice(),
    pristine: bytes,
    live: livePieces(bytes),
    facts: reading.facts,
    content,
  };
}

/** Null where damage may go unseen anywhere. */
function contentOf(name: string, bytes: Uint8Array): Base["content"] {
  if (CHECKED.includes(name)) return contentRanges(bytes);
  // Its content bears checksums as well.
  if (name === "btrfs-plain") return [];
  return name === "xfs-plain" ? xfsContent(bytes) : blockContent(name, bytes);
}

function restore({ bytes, pristine, live }: Base, { changed }: Mutation): void {
  if (bytes.length <= SMALL) {
    bytes.set(pristine);
    return;
  }
  for (const at of live) bytes.set(pristine.subarray(at, at + 64), at);
  for (const { at, length } of changed ?? []) bytes.set(pristine.subarray(at, at + length), at);
}

function codeOf(error: Error): string {
  if (!(error instanceof GuestkitError)) return error.name;
  return error.at?.offset === undefined ? `${error.code} (no offset)` : error.code;
}

/** Every refusal has a code of its own and a place. */
function wrongError(error: Error): string[] {
  if (!(error instanceof GuestkitError)) return [`a foreign error: ${error.stack}`];
  if (!/^E_[A-Z0-9_]+$/.test(error.code) || error.code === "E_INTERNAL") return [`an internal error: ${error.stack}`];
  if (error.at?.file === undefined && error.at?.offset === undefined) return [`no place: ${error.stack}`];
  return [];
}

/** Where everything is checksummed and nothing was mended, an answer is the true one or there is none. */
function lies({ facts, content }: Base, { mended, changed }: Mutation, reading: Reading): string[] {
  if (!content || mended) return [];
  const touched = (changed ?? []).some(({ at, length }) =>
    content.some(([start, end]) => at < end && at + length > start),
  );
  const found: string[] = [];
  for (const [key, said] of reading.facts) {
    const isContent = key.endsWith(" content") || key.endsWith(" target");
    if (facts.get(key) !== said && !(touched && isContent)) found.push(`${key}: ${said} instead of ${facts.get(key)}`);
  }
  // Without its magic it is no file system any more, and says nothing at all.
  const told = reading.facts.size;
  if (reading.errors.length === 0 && told > 0 && told < facts.size) found.push("fewer answers, and no error");
  return found;
}
