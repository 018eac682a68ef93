import { GuestkitError } from "../../kit/errors.ts";
import { struct, u32, u64 } from "../../kit/struct.ts";
import type { ByteSource } from "../../source/source.ts";
import { unreadable } from "./fault.ts";
import { count, places, type Segment, sectors } from "./group.ts";
import type { Owner, SegmentReader, Volumes } from "./volumes.ts";

/** The log of a mirror: a bit for each region that is in step, from 1 KiB on. Source: Linux, drivers/md/dm-log.c, log_header_disk. */
const logHeader = struct("lvm2.log_header", "little", 16, { magic: u32(0), version: u32(4), regions: u64(8) });
/** "MiRr" */
const LOG_MAGIC = 0x4d695272;
const LOG_VERSION = 2;
const LOG_BITS_AT = 1024;

/**
 * A mirror of LVM's older kind. Its first leg is always in step; another one stands in where the log says that all of it
 * is, too.
 */
export const mirror: SegmentReader = async (segment, owner, volumes) => {
  const legs = places(segment.section, "mirrors");
  if (legs.length !== count(segment.section, "mirror_count")) throw new SyntaxError("its legs are not all there");
  let lost: GuestkitError | null = null;
  for (const leg of legs) {
    try {
      const source = await volumes.area(leg, segment.size, owner);
      if (lost) await demandStep(segment, lost, owner, volumes);
      return source;
    } catch (error) {
      if (!(error instanceof GuestkitError && error.code === "E_LVM2_MISSING")) throw error;
      lost ??= error;
    }
  }
  throw lost ?? new SyntaxError("it has no legs");
};

async function demandStep(segment: Segment, lost: GuestkitError, owner: Owner, volumes: Volumes): Promise<void> {
  const log = segment.section.values.get("mirror_log");
  if (typeof log !== "string") throw withoutFirst(owner, lost, "it keeps no log of what is in step");
  const region = sectors(segment.section, "region_size");
  if (region === 0) throw new SyntaxError("its regions are empty");
  if (!(await isInStep(await volumes.logical(log, owner), Math.ceil(segment.size / region)))) {
    throw withoutFirst(owner, lost, "the others were not in step");
  }
  volumes.warnings.push(`The logical volume ${owner.name} is read from another leg than its first: ${wordsOf(lost)}`);
}

async function isInStep(log: ByteSource, regions: number): Promise<boolean> {
  const length = LOG_BITS_AT + Math.ceil(regions / 8);
  if (log.size < length) return false;
  const { magic, version } = logHeader.decode(await log.read(0, LOG_BITS_AT));
  if (magic !== LOG_MAGIC || version !== LOG_VERSION) return false;
  const bits = await log.read(LOG_BITS_AT, length - LOG_BITS_AT);
  for (let at = 0; at < regions; at++) if (((bits[at >> 3] as number) & (1 << (at & 7))) === 0) return false;
  return true;
}

function withoutFirst(owner: Owner, lost: GuestkitError, why: string): GuestkitError {
  return unreadable(owner.name, "DEGRADED", `${wordsOf(lost)}, and ${why}`, lost.help);
}

function wordsOf({ message }: GuestkitError): string {
  return message.replace(/^.*?: /, "");
}
