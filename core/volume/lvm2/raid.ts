import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { withFallback } from "../fallback.ts";
import { parityRaid } from "../raid.ts";
import { PARITY_LAYOUTS, type ParityLayoutName } from "../raid-layout.ts";
import { isReadable, type Raid10, raid10Source } from "../raid10.ts";
import { stripedSource } from "../striped.ts";
import { unreadable } from "./fault.ts";
import { count, type Segment, sectors, words } from "./group.ts";
import { type Images, raidImages } from "./raid-images.ts";
import type { Owner, SegmentReader } from "./volumes.ts";

/** Disks in a RAID: the kernel's own limit. */
const MOST_DISKS = 253;

const raid0: SegmentReader = async (segment, owner, volumes) => {
  const names = imageNames(segment);
  const memberSize = sizeOfEach(segment, names.length);
  const { images } = await raidImages({ segment, names, memberSize, mayLack: () => false }, owner, volumes);
  const sources = images.filter((each) => each !== null);
  return stripedSource(owner.name, sources, chunkOf(segment, memberSize), memberSize);
};

/** The first image that is in step. */
const raid1: SegmentReader = async (segment, owner, volumes) => {
  const names = imageNames(segment);
  const mayLack = (images: Images) => images.some((each) => each !== null);
  const { images } = await raidImages({ segment, names, memberSize: segment.size, mayLack }, owner, volumes);
  const [first, ...others] = images.filter((each) => each !== null) as [ByteSource, ...ByteSource[]];
  return withFallback(first, others);
};

const raid10: SegmentReader = async (segment, owner, volumes) => {
  const names = imageNames(segment);
  const near = count(segment.section, "data_copies", 2);
  if (near < 1 || near > names.length) throw new SyntaxError(`it has ${near} copies of its data`);
  const memberSize = sizeOfEach({ ...segment, size: segment.size * near }, names.length);
  const shape = { name: owner.name, chunk: chunkOf(segment, memberSize), memberSize, near };
  const whole = (members: Images): Raid10 => ({ ...shape, members, far: 1, isOffset: false, farSet: members.length });
  const wanted = { segment, names, memberSize, mayLack: (images: Images) => isReadable(whole(images)) };
  const { images } = await raidImages(wanted, owner, volumes);
  const source = raid10Source(whole(images), () => lost(owner));
  return windowSource(source, 0, Math.min(source.size, segment.size));
};

function lost(owner: Owner): Error {
  return unreadable(owner.name, "MISSING", "every copy of a stretch of it is on images that are missing");
}

function parity(layoutName: ParityLayoutName): SegmentReader {
  const layout = PARITY_LAYOUTS[layoutName];
  const parities = layout.q === null ? 1 : 2;
  return async (segment, owner, volumes) => {
    const names = imageNames(segment);
    if (names.length <= parities) throw new SyntaxError(`it has ${names.length} images`);
    const memberSize = sizeOfEach(segment, names.length - parities);
    const mayLack = (images: Images) => images.filter((each) => each === null).length <= parities;
    const wanted = { segment, names, memberSize, mayLack, isParity: true };
    const { images, isInStep } = await raidImages(wanted, owner, volumes);
    const chunk = chunkOf(segment, memberSize);
    return parityRaid({ name: owner.name, members: images, layout, chunk, memberSize, isInStep });
  };
}

/** Volumes with metadata and with data in turn; of RAID 0 without metadata those with data alone. */
function imageNames({ section, type }: Segment): readonly { readonly meta: string | null; readonly image: string }[] {
  const names = words(section, type === "raid0" ? "raid0_lvs" : "raids");
  const step = type === "raid0" ? 1 : 2;
  const number = count(section, type.startsWith("raid0") ? "stripe_count" : "device_count");
  if (number === 0 || number > MOST_DISKS || names.length !== number * step) {
    throw new SyntaxError(`it has ${names.length} names for ${number} images`);
  }
  return Array.from({ length: number }, (_, index) => ({
    meta: step === 2 ? (names[2 * index] as string) : null,
    image: names[step * index + step - 1] as string,
  }));
}

function sizeOfEach({ size }: Segment, images: number): number {
  if (size % images !== 0) throw new SyntaxError(`its ${size} bytes cannot lie on ${images} images`);
  return size / images;
}

function chunkOf({ section }: Segment, memberSize: number): number {
  const chunk = sectors(section, "stripe_size");
  if (chunk === 0 || memberSize % chunk !== 0) throw new SyntaxError(`its stripes are ${chunk} bytes long`);
  return chunk;
}

const layouts = Object.keys(PARITY_LAYOUTS) as ParityLayoutName[];

/** By the names of lvmraid(7). */
export const raidReaders: Readonly<Record<string, SegmentReader>> = {
  raid0,
  raid0_meta: raid0,
  raid1,
  raid10,
  raid10_near: raid10,
  ...Object.fromEntries(layouts.map((name) => [name, parity(name)])),
  // What these say alone is the layout that is usual.
  raid4: parity("raid5_0"),
  raid5: parity("raid5_ls"),
  raid6: parity("raid6_zr"),
};
