import type { Random } from "../support/random.ts";
import type { Call } from "./trace.ts";

/** What happens at a call, in its stead. `kill-child` ends the program that makes it, `kill` guestkit and that program. */
const DEEDS = ["kill", "kill-child", "ENOSPC", "EIO", "EROFS"] as const;
export type Deed = (typeof DEEDS)[number];

/** Where a writer is stopped: at the nth call of a name that one thread makes, in guestkit itself or in a run of a program. */
export interface Point extends Call {
  readonly deed: Deed;
}

/** What a full, a failing, a read-only disk answers, by the deed. The others never do. */
const ANSWERS: Readonly<Record<string, RegExp>> = {
  ENOSPC: /^(write|pwrite64|fallocate|ftruncate|mkdir|rename|link|fsync|copy_file_range)/,
  EIO: /^(write|pwrite64|fsync|fdatasync|rename|unlink|copy_file_range)/,
  EROFS: /^(rename|unlink|mkdir|rmdir|link|ftruncate|chmod)/,
};

/** `guestkit:rename:2:kill`, `qemu-img#1:pwrite64:4:EIO`. */
export const nameOf = ({ victim, call, nth, deed }: Point): string => [victim, call, nth, deed].join(":");

export function pointOf(name: string): Point {
  const [victim = "", call = "", nth, deed] = name.split(":");
  return { victim, call, nth: Number(nth), deed: deed as Deed };
}

/** All that can be done at these calls. */
function pointsAt(call: Call): readonly Point[] {
  const isChild = call.victim !== "guestkit";
  return DEEDS.filter((deed) => deed !== "kill-child" || isChild)
    .filter((deed) => ANSWERS[deed]?.test(call.call) ?? true)
    .map((deed) => ({ ...call, deed }));
}

/**
 * Draws `count` different points. First the victim, then the deed, then the kind of call, then one of these: a program
 * that writes a thousand blocks, one after the other, is stopped no more often than guestkit is at its few renames.
 */
export function drawPoints(calls: readonly Call[], count: number, random: Random): readonly Point[] {
  let left = calls.flatMap(pointsAt);
  const drawn: Point[] = [];
  while (drawn.length < count && left.length > 0) {
    const point = drawOne(left, random);
    drawn.push(point);
    left = left.filter((each) => each !== point);
  }
  return drawn;
}

function drawOne(points: readonly Point[], random: Random): Point {
  const isOwn = random.below(5) < 3;
  const ofVictim = points.filter(({ victim }) => (victim === "guestkit") === isOwn);
  let left = ofVictim.length > 0 ? ofVictim : points;
  for (const key of ["victim", "deed", "call"] as const) {
    const wanted = random.pick([...new Set(left.map((each) => each[key]))]);
    left = left.filter((each) => each[key] === wanted);
  }
  return random.pick(left);
}
