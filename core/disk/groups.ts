import { GuestkitError } from "../kit/errors.ts";
import type { MemberLabel, StackContext, StackedDevice, StackGroup, StackKind } from "../volume/index.ts";
import { refusalOf } from "./refusal.ts";

/** What the opening of one group gave, and whose members it was made of. */
export interface OpenedGroup {
  readonly members: readonly string[];
  readonly devices: readonly StackedDevice[];
  readonly warnings: readonly string[];
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
  /** Of the members that wait now; empty where others came since. */
  #assembled: Gathered[] = [];

  constructor(context: StackContext) {
    this.#context = context;
  }

  /** False where its group was opened without it. */
  add(kind: StackKind, label: MemberLabel): boolean {
    if (this.#opened.has(keyOf(kind, label))) return false;
    const labels = this.#waiting.get(kind) ?? [];
    this.#waiting.set(kind, [...labels, label]);
    this.#assembled = [];
    return true;
  }

  /** Opens all groups that are whole, else the first that lacks members; empty when none is left. */
  async open(): Promise<readonly OpenedGroup[]> {
    if (this.#assembled.length === 0) await this.#assemble();
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

  async #assemble(): Promise<void> {
    for (const [kind, waiting] of this.#waiting) {
      const groups = kind.groups?.(waiting) ?? Map.groupBy(waiting, ({ group }) => group);
      for (const labels of groups.values()) {
        this.#assembled.push({ kind, labels, group: await assembleGroup(kind, labels, this.#context) });
      }
    }
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
    return await kind.assemble(labels.filter(isFirst), context);
  } catch (error) {
    return refusalOf(error);
  }
}

/** Two members of one group that bear one UUID of their own are copies of one another. */
function isFirst(label: MemberLabel, _: number, all: readonly MemberLabel[]): boolean {
  return originalOf(label, all) === label;
}

function originalOf(label: MemberLabel, all: readonly MemberLabel[]): MemberLabel {
  const { uuid, group } = label;
  if (uuid === null || uuid === group) return label;
  return all.find((each) => each.uuid === uuid) ?? label;
}

async function openGroup({ kind, labels, group }: Gathered): Promise<OpenedGroup> {
  const members = labels.map(({ member }) => member.device);
  const refused = (error: GuestkitError) => ({ members, devices: [], warnings: [], error });
  if (group instanceof GuestkitError) return refused(group);
  try {
    const { devices, warnings } = await group.open();
    const own = [...copies(labels), ...lacks(`${kind.type} ${group.name}`, group)];
    return { members, devices, warnings: [...own, ...warnings], error: null };
  } catch (error) {
    return refused(refusalOf(error));
  }
}

function copies(labels: readonly MemberLabel[]): readonly string[] {
  return labels.flatMap((label) => {
    const { member } = originalOf(label, labels);
    if (member === label.member) return [];
    return [`${label.member.device} is a copy of ${member.device} (UUID ${label.uuid}): it is left out`];
  });
}

function lacks(name: string, { missing }: StackGroup): readonly string[] {
  return missing.length > 0 ? [`${name} is not whole: it lacks ${missing.join(", ")}`] : [];
}
