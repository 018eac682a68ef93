import type { ByteSource } from "../../source/source.ts";
import { windowSource } from "../../source/window.ts";
import { withFallback } from "../fallback.ts";
import { joinedSource, wholeOf } from "../mapped.ts";
import { parityRaid } from "../raid.ts";
import { PARITY_LAYOUTS, type ParityLayoutName } from "../raid-layout.ts";
import { isReadable, type Raid10, raid10Source } from "../raid10.ts";
import { zonedSource } from "./zones.ts";

/** An array's disks in their places; null where one is missing. */
export interface Disks {
  readonly name: string;
  readonly disks: readonly (ByteSource | null)[];
  readonly layout: number;
  /** Bytes. */
  readonly chunk: number;
  /** Bytes of each disk. */
  readonly size: number;
  /** Parity and copies are in step. */
  readonly isClean: boolean;
}

export interface Level {
  /** As mdadm names it. */
  readonly name: string;
  readonly layoutName: string | null;
  readonly hasChunks: boolean;
  /** What is missing is computed from parity. */
  readonly isParity: boolean;
  /** Whether these disks are enough. */
  isEnough(disks: Disks): boolean;
  /** Throws a SyntaxError, in words, where the superblock makes no sense. */
  open(disks: Disks): ByteSource;
}

const every = ({ disks }: Disks) => disks.every((each) => each !== null);
const present = ({ disks }: Disks) => disks.filter((each) => each !== null);

const linear: Level = {
  ...{ name: "linear", layoutName: null, hasChunks: false, isParity: false, isEnough: every },
  open: (array) =>
    joinedSource(
      array.name,
      present(array).map((disk) => ({ ...wholeOf(disk), length: roundDown(disk.size, array.chunk || 1) })),
    ),
};

const raid0: Level = {
  ...{ name: "raid0", layoutName: null, hasChunks: true, isParity: false, isEnough: every },
  open: (array) => zonedSource(array.name, present(array), array.chunk, array.layout),
};

const raid1: Level = {
  ...{ name: "raid1", layoutName: null, hasChunks: false, isParity: false },
  isEnough: (array) => present(array).length > 0,
  open: (array) => {
    const [first, ...others] = present(array) as [ByteSource, ...ByteSource[]];
    return windowSource(withFallback(first, others), 0, array.size, array.name);
  },
};

function parity(name: string, layoutName: ParityLayoutName): Level {
  const layout = PARITY_LAYOUTS[layoutName];
  const parities = layout.q === null ? 1 : 2;
  return {
    ...{ name, layoutName: MDADM_NAMES[layoutName] ?? null, hasChunks: true, isParity: true },
    isEnough: ({ disks }) => disks.filter((each) => each === null).length <= parities,
    open: ({ disks, chunk, size, isClean, name: array }) => {
      if (disks.length <= parities) throw new SyntaxError(`it has ${disks.length} disks`);
      return parityRaid({
        name: array,
        members: disks,
        layout,
        chunk,
        memberSize: roundDown(size, chunk),
        isInStep: isClean,
      });
    },
  };
}

function raid10(layout: number): Level {
  const [near, far] = [layout & 255, (layout >> 8) & 255];
  const isOffset = (layout & (1 << 16)) !== 0;
  const copies = isOffset ? `offset=${far}` : far > 1 ? `far=${far}` : `near=${near}`;
  return {
    ...{ name: "raid10", layoutName: copies, hasChunks: true, isParity: false },
    isEnough: (array) => isReadable(raid10Of(array)),
    open: (array) => raid10Source(raid10Of(array), () => new SyntaxError("every copy of a chunk is missing")),
  };
}

/** Source: Linux, drivers/md/raid10.c, setup_geo: in the first improved layout a set's size was counted wrongly. */
function raid10Of({ name, disks, chunk, size, layout }: Disks): Raid10 {
  const [near, far] = [layout & 255, (layout >> 8) & 255];
  const sets = layout >>> 17;
  const farSet = [disks.length, Math.floor(disks.length / far), far * near][sets];
  if (!near || !far || !farSet || layout >>> 19 !== 0 || near * far > disks.length || farSet > disks.length) {
    throw new SyntaxError(`its layout is 0x${layout.toString(16)} on ${disks.length} disks`);
  }
  return { name, members: disks, chunk, memberSize: size, near, far, isOffset: (layout & (1 << 16)) !== 0, farSet };
}

const MDADM_NAMES: Readonly<Partial<Record<ParityLayoutName, string>>> = {
  raid5_la: "left-asymmetric",
  raid5_ra: "right-asymmetric",
  raid5_ls: "left-symmetric",
  raid5_rs: "right-symmetric",
  raid5_0: "parity-first",
  raid5_n: "parity-last",
  raid6_la: "left-asymmetric",
  raid6_ra: "right-asymmetric",
  raid6_ls: "left-symmetric",
  raid6_rs: "right-symmetric",
  raid6_0: "parity-first",
  raid6_n_6: "parity-last",
  raid6_zr: "ddf-zero-restart",
  raid6_nr: "ddf-N-restart",
  raid6_nc: "ddf-N-continue",
  raid6_la_6: "left-asymmetric-6",
  raid6_ra_6: "right-asymmetric-6",
  raid6_ls_6: "left-symmetric-6",
  raid6_rs_6: "right-symmetric-6",
  raid6_0_6: "parity-first-6",
};

/** Numbers of layouts. Source: Linux, drivers/md/raid5.h, ALGORITHM_*. */
const FIVE: readonly ParityLayoutName[] = ["raid5_la", "raid5_ra", "raid5_ls", "raid5_rs", "raid5_0", "raid5_n"];
const SIX: Readonly<Record<number, ParityLayoutName>> = {
  ...["raid6_la", "raid6_ra", "raid6_ls", "raid6_rs", "raid6_0", "raid6_n_6"],
  8: "raid6_zr",
  9: "raid6_nr",
  10: "raid6_nc",
  16: "raid6_la_6",
  17: "raid6_ra_6",
  18: "raid6_ls_6",
  19: "raid6_rs_6",
  20: "raid6_0_6",
} as Readonly<Record<number, ParityLayoutName>>;

/** Null where a level or its layout is not known. */
export function levelOf(level: number, layout: number): Level | null {
  const five = FIVE[layout];
  const six = SIX[layout];
  if (level === -1) return linear;
  if (level === 0) return raid0;
  if (level === 1) return raid1;
  if (level === 4) return { ...parity("raid4", "raid5_n"), layoutName: null };
  if (level === 5) return five ? parity("raid5", five) : null;
  if (level === 6) return six ? parity("raid6", six) : null;
  return level === 10 ? raid10(layout) : null;
}

function roundDown(size: number, step: number): number {
  return size - (size % step);
}
