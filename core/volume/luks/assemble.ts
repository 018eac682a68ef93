import { type Container, decipheredSource, place, readLuks, unlock } from "../../luks/index.ts";
import type { Member, StackContext, StackedDevice, StackGroup } from "../stack.ts";
import type { LuksMember } from "./member.ts";

/** A container as a group of one. Opening it derives its key, which takes as long as whoever made it wanted. */
export async function assembleLuks(labels: readonly LuksMember[], context: StackContext): Promise<StackGroup> {
  const [first] = labels;
  if (!first) throw new RangeError("a container without a member");
  const { member, uuid } = first;
  return { name: uuid ?? member.device, uuid, missing: [], open: () => open(member, context) };
}

/** Throws `E_LUKS_*`: without its key there is no device. */
async function open(member: Member, context: StackContext) {
  const { source, device: on } = member;
  const container = await readLuks(source, context);
  const segments = place(source, container.segments);
  const device = `/dev/mapper/luks-${container.uuid}`;
  const keys = await context.keys(on, container.uuid);
  const ciphers = await context.ciphers();
  const key = await unlock({ header: source, container, device: on }, keys, ciphers);
  const opened: StackedDevice = {
    ...{ kind: "mapping", device, aliases: [], uuid: container.uuid, on: [on], error: null },
    size: segments.reduce((sum, { length }) => sum + length, 0),
    source: decipheredSource(source, segments, key, ciphers, device),
    details: detailsOf(container),
  };
  // The ciphers have made of it what they need.
  key.fill(0);
  return { devices: [opened], warnings: container.warnings };
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
