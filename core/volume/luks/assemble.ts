import { GuestkitError } from "../../kit/errors.ts";
import { type Container, decipheredSource, type Placed, place, readLuks, unlock } from "../../luks/index.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Member, StackContext, StackedDevice, StackGroup } from "../stack.ts";
import { headerOf, type LuksMember } from "./member.ts";

/** A container as a group of one. Opening it derives its key, which takes as long as whoever made it wanted. */
export async function assembleLuks(labels: readonly LuksMember[], context: StackContext): Promise<StackGroup> {
  const [first] = labels;
  if (!first) throw new RangeError("a container without a member");
  const { member, uuid } = first;
  return { name: uuid ?? member.device, uuid, missing: [], open: () => open(member, context) };
}

async function open(member: Member, context: StackContext) {
  const container = await readLuks(headerOf(member), context);
  const segments = place(member.source, container, { isApart: member.header !== undefined });
  const device = `/dev/mapper/luks-${container.uuid}`;
  const opened: StackedDevice = {
    ...{ kind: "mapping", device, aliases: [], uuid: container.uuid, on: [member.device] },
    size: segments.reduce((sum, { length }) => sum + length, 0),
    ...(await attempt(() => decipher(member, container, segments, context))),
    details: detailsOf(container),
  };
  return { devices: [opened], warnings: container.warnings };
}

/** Without its key the device is there all the same, and says why it cannot be read. */
async function attempt(work: () => Promise<ByteSource>): Promise<Pick<StackedDevice, "source" | "error">> {
  try {
    return { source: await work(), error: null };
  } catch (error) {
    if (error instanceof GuestkitError) return { source: null, error };
    throw error;
  }
}

async function decipher(
  member: Member,
  container: Container,
  segments: readonly Placed[],
  context: StackContext,
): Promise<ByteSource> {
  const { source, device } = member;
  const keys = await context.keys(device, container.uuid);
  const ciphers = await context.ciphers();
  const key = await unlock({ header: headerOf(member), container, device }, keys, ciphers);
  try {
    return decipheredSource(source, segments, key, ciphers, `/dev/mapper/luks-${container.uuid}`);
  } finally {
    // The ciphers have made of it what they need.
    key.fill(0);
  }
}

function detailsOf({ version, segments, slots, label }: Container): StackedDevice["details"] {
  const [segment] = segments;
  return {
    version,
    ...(label !== null && { label }),
    ...(segment && { cipher: segment.encryption, sector_size: segment.sectorSize }),
    ...(slots[0] && { key_bits: slots[0].keyBytes * 8 }),
    key_slots: slots
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, kdf }) => `${id} ${kdf.type}`)
      .join(", "),
  };
}
