import { GuestkitError } from "../kit/errors.ts";
import type { MemberLabel, StackContext, StackedDevice, StackGroup, StackKind } from "../volume/index.ts";
import { refusalOf } from "./refusal.ts";

/** What the opening of one group gave, and whose members it was made of. */
export interface OpenedGroup {
  readonly members: readonly string[];
  readonly devices: readonly StackedDevice[];
  readonly warnings: readonly string[];
  /** What the group lacks, in words; empty when it is whole. */
  readonly lacking: readonly string[];
  /** Why none of it can be read; then there are no devices. */
  readonly error: GuestkitError | null;
}

interface Gathered {
  readonly kind: StackKind;
  readonly labels: readonly MemberLabel[];
  readonly group: StackGroup | GuestkitError;
}

/** Members by the group that they say they belong to. Each group is opened once. */
export class Groups {
  readonly #context: StackContext;
  readonly #waiting = new Map<StackKind, MemberLabel[]>();
  readonly #opened = new Set<string>();
  #assembled: readonly Gathered[] = [];
  /** Members came since. */
  #isOld = false;

  constructor(context: StackContext) {
    this.#context = context;
  }

  /** False where its group was opened without it. */
  add(kind: StackKind, label: MemberLabel): boolean {
    if (this.#opened.has(keyOf(kind, label))) return false;
    const labels = this.#waiting.get(kind);
    if (labels) labels.push(label);
    else this.#waiting.set(kind, [label]);
    this.#isOld = true;
    return true;
  }

  /** Opens all groups that are whole, else the first that lacks members; empty when none is left. */
  async open(): Promise<readonly OpenedGroup[]> {
    if (this.#isOld) await this.#assemble();
    const whole = this.#assembled.filter(isWhole);
    const chosen = whole.length > 0 ? whole : this.#assembled.slice(0, 1);
    this.#assembled = this.#assembled.filter((each) => !chosen.includes(each));
    const opened: OpenedGroup[] = [];
    for (const each of chosen) {
      this.#close(each);
      opened.push(await openGroup(each));
    }
    return opened;
  }

  /** A group that nobody came to stays as it is: each that lacks members may hold one of another. */
  async #assemble(): Promise<void> {
    const known = new Map(this.#assembled.map((each) => [each.labels[0], each]));
    const assembled: Gathered[] = [];
    for (const [kind, waiting] of this.#waiting) {
      const groups = kind.groups?.(waiting) ?? Map.groupBy(waiting, ({ group }) => group);
      for (const labels of groups.values()) {
        const old = known.get(labels[0]);
        const isSame = old?.labels.length === labels.length && old.labels.every((each, at) => each === labels[at]);
        assembled.push(isSame ? old : { kind, labels, group: await assembleGroup(kind, labels, this.#context) });
      }
    }
    this.#assembled = assembled;
    this.#isOld = false;
  }

  /** Whoever comes later comes too late. */
  #close({ kind, labels }: Gathered): void {
    for (const each of labels) this.#opened.add(keyOf(kind, each));
    const left = (this.#waiting.get(kind) ?? []).filter((each) => !labels.includes(each));
    if (left.length > 0) this.#waiting.set(kind, left);
    else this.#waiting.delete(kind);
  }
}

const keyOf = (kind: StackKind, { group }: MemberLabel) => `${kind.type} ${group}`;

/** A member of no group waits for one. */
function isWhole({ group }: Gathered): boolean {
  return group instanceof GuestkitError || (group.missing.length === 0 && group.name !== "");
}

async function assembleGroup(kind: StackKind, labels: readonly MemberLabel[], context: StackContext) {
  try {
    const originalOf = originalsAmong(labels);
    return await kind.assemble(
      labels.filter((label) => originalOf(label) === label),
      context,
    );
  } catch (error) {
    return refusalOf(error);
  }
}

/** Of members of one group that bear one UUID of their own, and so are copies of one another, the first. */
function originalsAmong(labels: readonly MemberLabel[]): (label: MemberLabel) => MemberLabel {
  const originals = new Map<string, MemberLabel>();
  for (const label of labels) {
    const { uuid, group } = label;
    if (uuid !== null && uuid !== group && !originals.has(uuid)) originals.set(uuid, label);
  }
  return (label) => originals.get(label.uuid ?? "") ?? label;
}

async function openGroup({ kind, labels, group }: Gathered): Promise<OpenedGroup> {
  const members = labels.map(({ member }) => member.device);
  const refused = (error: GuestkitError) => ({ members, devices: [], warnings: [], lacking: [], error });
  if (group instanceof GuestkitError) return refused(group);
  try {
    const { devices, warnings } = await group.open();
    const lacking = lacks(`${kind.type} ${group.name}`, group);
    return { members, devices, warnings: [...copies(labels), ...warnings], lacking, error: null };
  } catch (error) {
    return refused(refusalOf(error));
  }
}

function copies(labels: readonly MemberLabel[]): readonly string[] {
  const originalOf = originalsAmong(labels);
  return labels.flatMap((label) => {
    const { member } = originalOf(label);
    if (member === label.member) return [];
    return [`${label.member.device} is a copy of ${member.device} (UUID ${label.uuid}): it is left out`];
  });
}

function lacks(name: string, { missing }: StackGroup): readonly string[] {
  return missing.length > 0 ? [`${name} is not whole: it lacks ${missing.join(", ")}`] : [];
}
