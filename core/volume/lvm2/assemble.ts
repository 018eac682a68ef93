import { asGuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import type { Member, StackContext, StackedDevice, StackGroup } from "../stack.ts";
import { type LogicalVolume, readGroup, type VolumeGroup } from "./group.ts";
import type { PhysicalLabel } from "./physical.ts";
import { devicesOf } from "./reach.ts";
import { segmentReaders } from "./segments.ts";
import { type ShownVolume, shownVolumes } from "./shown.ts";
import { Volumes } from "./volumes.ts";

/** The newest sound text among all physical volumes counts for all of them. */
export async function assembleGroup(labels: readonly PhysicalLabel[], context: StackContext): Promise<StackGroup> {
  const newest = newestOf(labels);
  if (!newest?.text) return orphans(labels);
  const group = readGroup(newest.text.raw);
  const known = new Set([...group.physical.values()].map(({ id }) => id));
  const members = new Map(labels.filter(({ uuid }) => known.has(uuid)).map(({ uuid, member }) => [uuid, member]));
  const missing = [...group.physical.values()].filter(({ id }) => !members.has(id));
  return {
    name: group.name,
    uuid: group.id,
    missing: missing.map(({ id, hint }) => `the physical volume ${id}${hint && ` (it was ${hint})`}`),
    open: async () => {
      const volumes = new Volumes(group, members, segmentReaders, context);
      const devices: StackedDevice[] = [];
      for (const shown of shownVolumes(group)) devices.push(await openVolume(shown, volumes, members));
      return { devices, warnings: [...doubts(labels, group), ...volumes.warnings] };
    },
  };
}

export function newestOf(labels: readonly PhysicalLabel[]): PhysicalLabel | null {
  const told = labels.filter(({ text }) => text !== null);
  return told.toSorted((a, b) => (b.text?.seqno ?? 0) - (a.text?.seqno ?? 0))[0] ?? null;
}

/** Physical volumes of no group. */
function orphans(labels: readonly PhysicalLabel[]): StackGroup {
  const warnings = labels.flatMap((label) => label.faults);
  return { name: "", uuid: null, missing: [], open: async () => ({ devices: [], warnings }) };
}

async function openVolume(
  { volume, through }: ShownVolume,
  volumes: Volumes,
  members: ReadonlyMap<string, Member>,
): Promise<StackedDevice> {
  const { group } = volumes;
  const { name, id } = volume;
  const readable = await readableOf(through.name, volumes);
  return {
    kind: "logical_volume",
    device: `/dev/${group.name}/${name}`,
    aliases: [`/dev/mapper/${mapperName(group.name)}-${mapperName(name)}`],
    uuid: id,
    size: through.size,
    on: devicesOf(through, group, members),
    ...readable,
    details: { volume_group: group.name, segments: [...new Set(through.segments.map(typeOf))].join(",") },
  };
}

async function readableOf(name: string, volumes: Volumes): Promise<Pick<StackedDevice, "source" | "error">> {
  try {
    const source: ByteSource = await volumes.logical(name, { name: `${volumes.group.name}/${name}`, height: 0 });
    return { source, error: null };
  } catch (thrown) {
    return { source: null, error: asGuestkitError(thrown) };
  }
}

/** As lvs names it: the text calls linear what is striped over one. */
function typeOf({ type, section }: LogicalVolume["segments"][number]): string {
  return type === "striped" && section.values.get("stripe_count") === 1 ? "linear" : type;
}

/** The device mapper's names double hyphens, since one stands between group and volume. */
function mapperName(name: string): string {
  return name.replaceAll("-", "--");
}

/** What the physical volumes have against one another. */
function doubts(labels: readonly PhysicalLabel[], group: VolumeGroup): string[] {
  const known = new Set([...group.physical.values()].map(({ id }) => id));
  return labels.flatMap(({ member, uuid, text, faults }) => {
    const place = `The physical volume ${member.device}`;
    if (!known.has(uuid)) return [...faults, `${place} is no part of ${group.name} any more: it is left out`];
    if (text === null || text.seqno === group.seqno) return faults;
    return [...faults, `${place} has older metadata (${text.seqno}) than the group's (${group.seqno})`];
  });
}
