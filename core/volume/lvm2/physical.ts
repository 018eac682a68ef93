import type { Member, MemberLabel } from "../stack.ts";
import { readArea } from "./area.ts";
import { readGroup } from "./group.ts";
import { readLabel } from "./label.ts";

/** A text that makes sense; what it says is kept as text, since each physical volume has its copy of it. */
export interface SoundText {
  readonly raw: string;
  readonly group: string;
  readonly seqno: number;
  /** Ids of the group's physical volumes. */
  readonly physical: readonly string[];
}

/** What a physical volume says. */
export interface PhysicalLabel extends MemberLabel {
  readonly uuid: string;
  /** Its newest sound text; null where it holds none. */
  readonly text: SoundText | null;
  /** What is wrong with its metadata, in words. */
  readonly faults: readonly string[];
}

/** One without a text is told of by the others of its group. */
const ALONE = "";

/** Throws `E_LVM2_LABEL`; what is wrong with texts is a fault. */
export async function readPhysical(member: Member): Promise<PhysicalLabel> {
  const { uuid, areas } = await readLabel(member.source);
  const texts: SoundText[] = [];
  const faults: string[] = [];
  for (const area of areas) {
    const { text, fault, offset } = await readArea(member.source, area);
    const why = fault ?? (text === null ? null : keep(text, texts));
    if (why !== null) faults.push(`The LVM metadata at ${offset} of ${member.device} is damaged: ${why}`);
  }
  const text = texts.toSorted((a, b) => b.seqno - a.seqno)[0] ?? null;
  return { member, uuid, label: null, group: text?.group ?? ALONE, text, faults };
}

/** What is wrong with a text, if anything. */
function keep(text: string, texts: SoundText[]): string | null {
  try {
    const { id, seqno, physical } = readGroup(text);
    texts.push({ raw: text, group: id, seqno, physical: [...physical.values()].map((each) => each.id) });
    return null;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

/**
 * Labels of one group each: a physical volume without metadata of its own belongs where the newest text of a group
 * names it.
 */
export function groupsOf(labels: readonly PhysicalLabel[]): ReadonlyMap<string, readonly PhysicalLabel[]> {
  const groups = Map.groupBy(
    labels.filter(({ text }) => text !== null),
    ({ group }) => group,
  );
  const homes = new Map<string, string>();
  for (const { text, group } of labels) for (const id of text?.physical ?? []) homes.set(id, group);
  for (const label of labels) {
    if (label.text !== null) continue;
    const home = homes.get(label.uuid) ?? ALONE;
    groups.set(home, [...(groups.get(home) ?? []), label]);
  }
  return groups;
}
