import { GuestkitError } from "../kit/errors.ts";
import type { MemberLabel, StackContext, StackedDevice, StackGroup, StackKind } from "../volume/index.ts";
import { refusalOf } from "./device.ts";

/** What the opening of one group gave, and whose members it was made of. */
export interface OpenedGroup {
  /** `LVM2_member vg0`, for words. */
  readonly name: string;
  readonly uuid: string | null;
  readonly members: readonly string[];
  readonly devices: readonly StackedDevice[];
  readonly warnings: readonly string[];
  /** Why none of it can be read; then there are no devices. */
  readonly error: GuestkitError | null;
}

interface Gathered {
  readonly kind: StackKind;
  readonly labels: MemberLabel[];
  /** Made of the labels that were there; null where another was added since. */
  group: StackGroup | GuestkitError | null;
}

/** Members by the group that they say they belong to. Each group is opened once. */
export class Groups {
  readonly #context: StackContext;
  readonly #waiting = new Map<string, Gathered>();
  readonly #opened = new Set<string>();

  constructor(context: StackContext) {
    this.#context = context;
  }

  /** False where its group was opened without it. */
  add(kind: StackKind, label: MemberLabel): boolean {
    const key = `${kind.type} ${label.group}`;
    if (this.#opened.has(key)) return false;
    const gathered = this.#waiting.get(key) ?? { kind, labels: [], group: null };
    gathered.labels.push(label);
    gathered.group = null;
    this.#waiting.set(key, gathered);
    return true;
  }

  /** Opens all groups that are whole, else the first that lacks members; empty when none is left. */
  async open(): Promise<readonly OpenedGroup[]> {
    for (const each of this.#waiting.values()) each.group ??= await this.#assemble(each);
    const waiting = [...this.#waiting];
    const whole = waiting.filter(([, { group }]) => group instanceof GuestkitError || group?.missing.length === 0);
    const opened: OpenedGroup[] = [];
    for (const [key, gathered] of whole.length > 0 ? whole : waiting.slice(0, 1)) {
      this.#waiting.delete(key);
      this.#opened.add(key);
      opened.push(await openGroup(gathered));
    }
    return opened;
  }

  async #assemble({ kind, labels }: Gathered): Promise<StackGroup | GuestkitError> {
    try {
      return await kind.assemble(labels, this.#context);
    } catch (error) {
      return refusalOf(error);
    }
  }
}

async function openGroup({ kind, labels, group }: Gathered): Promise<OpenedGroup> {
  const members = labels.map(({ member }) => member.device);
  const refused = (error: GuestkitError, name: string, uuid: string | null) =>
    ({ name, uuid, members, devices: [], warnings: [], error }) satisfies OpenedGroup;
  if (!group || group instanceof GuestkitError) {
    return refused(
      group ?? new GuestkitError("E_INTERNAL", "Cannot open a group: it is not assembled"),
      kind.type,
      null,
    );
  }
  const name = `${kind.type} ${group.name}`;
  try {
    const { devices, warnings } = await group.open();
    return { name, uuid: group.uuid, members, devices, warnings: [...lacks(name, group), ...warnings], error: null };
  } catch (error) {
    return refused(refusalOf(error), name, group.uuid);
  }
}

function lacks(name: string, { missing }: StackGroup): readonly string[] {
  return missing.length > 0 ? [`${name} is not whole: it lacks ${missing.join(", ")}`] : [];
}
