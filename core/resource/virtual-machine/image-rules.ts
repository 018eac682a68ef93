import { type Diagnostic, problem } from "../../engine/diagnostic.ts";
import type { FieldPath } from "../../engine/path.ts";
import type { Value, ValueObject } from "../../model/value.ts";
import { entries } from "./fields.ts";

/** One use of an image in a machine. */
interface Use {
  readonly at: FieldPath;
  readonly image: string;
  /** The image itself is written to; otherwise it is read, or leaned on. */
  readonly writes: boolean;
}

/**
 * QEMU refuses to start over an image that it writes to and has open once more, be it as a medium that is only read or
 * below an overlay: neither would know what it holds.
 */
export function imageRules(input: ValueObject): readonly Diagnostic[] {
  const all = usesOf(input);
  const writers = all.filter(({ writes }) => writes);
  return all.flatMap((use, index) => {
    const other = writers.find((each) => each !== use && each.image === use.image);
    // Two writers are one fault: the later one's.
    return other === undefined || (use.writes && all.indexOf(other) > index) ? [] : [shared(use, other)];
  });
}

function shared({ at, image }: Use, other: Use): Diagnostic {
  const message = `"${image}" is what ${other.at.slice(0, 2).join(".")} writes to: it cannot be used once more meanwhile`;
  const help = `Give each an image of its own, or have ${other.at.slice(0, 2).join(".")} write to an overlay: set overlay to true.`;
  return problem("E_DISK_SHARED", at, message, help);
}

/** By their paths alone: links and parents are the start's to find. What is UNKNOWN is left alone. */
function usesOf({ disks, cdroms, base, backing_file, snapshot_mode }: ValueObject): readonly Use[] {
  const writes = ({ overlay, read_only }: ValueObject) =>
    overlay === false && read_only === false && snapshot_mode === false;
  return [
    ...(backing_file === true ? use(["base"], base, false) : []),
    ...entries(disks).flatMap(([name, disk]) => use(["disks", name, "image"], disk.image, writes(disk))),
    ...entries(cdroms).flatMap(([name, { image }]) => use(["cdroms", name, "image"], image, false)),
  ];
}

const use = (at: FieldPath, image: Value | undefined, writes: boolean): readonly Use[] =>
  typeof image === "string" ? [{ at, image, writes }] : [];
