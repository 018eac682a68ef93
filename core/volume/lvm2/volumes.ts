import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { joinedSource, wholeOf } from "../mapped.ts";
import type { Member, StackContext } from "../stack.ts";
import { unreadable } from "./fault.ts";
import type { LogicalVolume, Segment, VolumeGroup } from "./group.ts";

/** How one type of segment becomes bytes: `segment.size` of them. Throws what cannot be read; a SyntaxError in its words too. */
export type SegmentReader = (segment: Segment, owner: Owner, volumes: Volumes) => Promise<ByteSource>;

/** Whose segment it is. */
export interface Owner {
  /** `vg0/root` */
  readonly name: string;
  /** Volumes in one another below it, so far. */
  height: number;
}

/** Of segments, behind their types; none of them says where data lies. */
const KNOWN_FLAGS = ["STRIPED", "ERROR_WHEN_FULL", "METADATA_FORMAT", "CROP_METADATA"];

/** A thin volume over a cache over a RAID over linear ones is six deep. */
const MOST_HEIGHT = 12;

/** The volumes of a group, each built when it is asked for, once. */
export class Volumes {
  readonly group: VolumeGroup;
  readonly context: StackContext;
  /** What a user should know. */
  readonly warnings: string[] = [];
  readonly #members: ReadonlyMap<string, Member>;
  readonly #readers: Readonly<Record<string, SegmentReader>>;
  readonly #built = new Map<string, { readonly source: ByteSource; readonly height: number }>();
  readonly #open = new Set<string>();

  /** `members` by the ids of their physical volumes. */
  constructor(
    group: VolumeGroup,
    members: ReadonlyMap<string, Member>,
    readers: Readonly<Record<string, SegmentReader>>,
    context: StackContext,
  ) {
    this.group = group;
    this.context = context;
    this.#members = members;
    this.#readers = readers;
  }

  /** A volume by its name in the group; one after the other. Throws `E_LVM2_*`. */
  async logical(name: string, from: Owner): Promise<ByteSource> {
    const volume = this.group.logical.get(name);
    if (!volume) throw unreadable(from.name, "TEXT", `the group's text has no volume "${name}"`);
    if (this.#open.has(name)) throw cyclic(from, name);
    const { source, height } = this.#built.get(name) ?? (await this.#build(volume));
    from.height = Math.max(from.height, height + 1);
    if (from.height > MOST_HEIGHT) throw cyclic(from, name);
    return source;
  }

  /** `length` bytes from an extent of a physical or a logical volume on. Throws `E_LVM2_MISSING` where that is not there. */
  async area(place: { name: string; extent: number }, length: number, owner: Owner): Promise<ByteSource> {
    const { extentSize, physical } = this.group;
    const offset = place.extent * extentSize;
    const volume = physical.get(place.name);
    if (!volume) return this.bytes(place.name, offset, length, owner);
    if (!(offset + length <= volume.extents * extentSize))
      throw outside(owner, place.name, volume.extents * extentSize);
    const source = this.#physical(place.name, owner);
    const start = offset + volume.start;
    if (start + length <= source.size) return windowSource(source, start, length);
    throw unreadable(
      owner.name,
      "BOUNDS",
      `"${source.name}" ends at ${source.size} bytes, and the volume at ${start + length}`,
      "The disk was cut short: compare its size with the original's.",
    );
  }

  /** `length` bytes of a logical volume. */
  async bytes(name: string, offset: number, length: number, owner: Owner): Promise<ByteSource> {
    const source = await this.logical(name, owner);
    if (!(offset + length <= source.size)) throw outside(owner, name, source.size);
    return windowSource(source, offset, length);
  }

  #physical(name: string, owner: Owner): ByteSource {
    const volume = this.group.physical.get(name);
    const member = this.#members.get(volume?.id ?? "");
    if (member) return member.source;
    throw unreadable(
      owner.name,
      "MISSING",
      `the physical volume ${volume?.id} is missing (it was ${volume?.hint || "on an unknown device"})`,
      "Give the disk that holds it beside the others: --with IMAGE.",
    );
  }

  async #build({ name, segments, size }: LogicalVolume): Promise<{ source: ByteSource; height: number }> {
    const owner = { name: `${this.group.name}/${name}`, height: 0 };
    if (this.#open.size > MOST_HEIGHT) throw cyclic(owner, name);
    this.#open.add(name);
    try {
      const sources: ByteSource[] = [];
      for (const segment of segments) sources.push(await this.#segment(segment, owner));
      const [only, another] = sources;
      const source =
        only && !another ? windowSource(only, 0, size, owner.name) : joinedSource(owner.name, sources.map(wholeOf));
      const built = { source, height: owner.height };
      this.#built.set(name, built);
      return built;
    } finally {
      this.#open.delete(name);
    }
  }

  async #segment(segment: Segment, owner: Owner): Promise<ByteSource> {
    const reader = Object.hasOwn(this.#readers, segment.type) ? this.#readers[segment.type] : undefined;
    if (!reader) throw unreadable(owner.name, "SEGMENT", `its segments of type "${segment.type}" are not read`);
    const strange = segment.flags.filter((flag) => !KNOWN_FLAGS.includes(flag));
    if (strange.length > 0) throw unreadable(owner.name, "SEGMENT", `it has unknown flags (${strange.join(", ")})`);
    try {
      const source = await reader(segment, owner, this);
      if (source.size === segment.size) return source;
      throw new SyntaxError(`a segment of ${segment.size} bytes has places for ${source.size}`);
    } catch (error) {
      if (error instanceof SyntaxError) throw unreadable(owner.name, "TEXT", error.message);
      throw error instanceof GuestkitError ? error.within({ file: owner.name }) : error;
    }
  }
}

function outside(owner: Owner, name: string, end: number): GuestkitError {
  return unreadable(owner.name, "BOUNDS", `its place in "${name}" ends past ${end} bytes`);
}

function cyclic(owner: Owner, name: string): GuestkitError {
  return unreadable(owner.name, "CYCLE", `volumes lie in one another without an end, "${name}" among them`);
}
