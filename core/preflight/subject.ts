import type { FieldPath } from "../engine/path.ts";
import { bootOrder } from "../machine/disks/boot-order.ts";
import type { Machine, MachineDisk } from "../machine/machine.ts";
import { isObject, isWhollyKnown, UNKNOWN, type Value, type ValueObject } from "../model/value.ts";
import type { Lack } from "../share/kind.ts";
import { chooseFirmware } from "./choose-firmware.ts";
import type { ImageFacts, SystemFacts } from "./facts/facts.ts";

/** What rules judge: a declaration, and all that could be learnt of what it stands on. Plain data. */
export interface Subject extends Learnt {
  /** The declaration; null stands for what is not known yet as well. */
  readonly machine: Machine;
  /** Whether a declared field, and all within it, is known. */
  readonly knows: (...path: FieldPath) => boolean;
  /** Disks that are known, in the firmware's order. */
  readonly disks: readonly DiskSubject[];
  /** Every disk of the declaration is among `disks`, with its facts. */
  readonly wholeStorage: boolean;
  /** The disk that the firmware boots; null where that cannot be told (a CD-ROM comes first, an unknown disk). */
  readonly boot: DiskSubject | null;
  /** The system that will run; null where that cannot be told. */
  readonly system: SystemFacts | null;
  /** What will start the disk; null for a kernel that is started directly. */
  readonly firmware: "bios" | "uefi" | null;
}

/** What was learnt of the world for a declaration, whatever is judged of it. */
interface Learnt {
  /** What cloud-init is told: cloud_init, or a cloud_init_seed in a drive; null where it is told nothing. */
  readonly seed: Seed | null;
  /** The machine exists: what happens once, at the first boot, has happened. */
  readonly made: boolean;
  /** Host paths that the declaration names and that are not there. */
  readonly missing: ReadonlySet<string>;
  /** What media of drives evidently are instead of discs, by their path. */
  readonly noMedia?: ReadonlyMap<string, string>;
  /** Images that some process has open for writing. */
  readonly locked: ReadonlySet<string>;
  /** Public key of ssh.private_key, `type base64`, where it lies beside it. */
  readonly publicKey: string | null;
  /** Why ssh would not log in by ssh.private_key; null where nothing speaks against it. */
  readonly keyFault?: string | null;
  readonly others: readonly OtherMachine[];
  /** What keeps this host from serving a share, by the share's name. */
  readonly shareLacks?: Readonly<Record<string, Lack>>;
}

export interface DiskSubject {
  readonly key: string;
  readonly disk: MachineDisk;
  /** Null where nothing is known of what is in it. */
  readonly facts: ImageFacts | null;
  /** Why it cannot be read; null where it can, or where nobody tried. */
  readonly error: string | null;
  /** It is evidently no disk of a kind that is read: no start takes it. */
  readonly refused?: boolean;
  /** It holds nothing that is known, and nobody said that it is a raw disk. */
  readonly unknown?: boolean;
  /** The same apply is going to make it: `facts` is what its declaration says. */
  readonly declared: boolean;
}

export interface Seed {
  readonly fields: ValueObject;
  /** A raw #cloud-config document as cloud-init reads it; null where there is none that it can read. */
  readonly config?: ValueObject | null;
  readonly path: FieldPath;
}

/** Another machine of this user. */
export interface OtherMachine {
  readonly name: string;
  readonly disks: readonly { readonly image: string; readonly overlay: boolean; readonly readOnly: boolean }[];
}

/** The same before it is judged: disks by their names. */
export interface World extends Learnt {
  readonly disks: ReadonlyMap<string, Omit<DiskSubject, "key" | "disk">>;
}

/** A declaration and the world as one thing to judge. `declared` may hold UNKNOWN. */
export function makeSubject(declared: Machine, world: World): Subject {
  const machine = withoutUnknown(declared as unknown as Value) as unknown as Machine;
  const disks = bootOrder(machine.disks).flatMap(([key, disk]) => {
    const found = world.disks.get(key);
    return found ? [{ key, disk, ...found }] : [];
  });
  const knows = (...path: FieldPath) => isWhollyKnown(at(declared as unknown as Value, path));
  const wholeStorage =
    knows("disks") && Object.keys(machine.disks).every((key) => disks.some((each) => each.key === key && each.facts));
  const boot = bootDisk(machine, disks, knows("disks") && knows("cdroms"));
  const direct = machine.kernel !== null || !knows("kernel");
  return {
    ...world,
    machine,
    knows,
    disks,
    wholeStorage,
    boot,
    system: runningSystem(machine, boot, direct),
    firmware: direct
      ? null
      : (machine.firmware ?? (knows("firmware") || boot?.facts ? chooseFirmware(boot?.facts ?? null) : null)),
  };
}

/** A value with null for whatever is not known yet. */
function withoutUnknown(value: Value): Value {
  if (value === UNKNOWN) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutUnknown(each)]));
}

function at(value: Value, path: FieldPath): Value {
  return path.reduce<Value>((each, step) => {
    if (each === UNKNOWN || each === null || typeof each !== "object") return each === UNKNOWN ? UNKNOWN : null;
    return (each as Readonly<Record<string | number, Value>>)[step] ?? null;
  }, value);
}

/** The first disk with a system, else the first; none where a CD-ROM with a medium is asked to come before it. */
function bootDisk(machine: Machine, disks: readonly DiskSubject[], known: boolean): DiskSubject | null {
  const first = disks.find(({ facts }) => facts?.system) ?? disks[0];
  const before = Object.values(machine.cdroms ?? {}).some(
    (each) =>
      each.image !== null &&
      each.boot_order !== null &&
      each.boot_order < (first?.disk.boot_order ?? Number.POSITIVE_INFINITY),
  );
  const unread = disks.find(
    (each) => each !== first && !each.facts && disks.indexOf(each) < disks.indexOf(first ?? each),
  );
  return known && !before && !unread ? (first ?? null) : null;
}

/** A kernel of the host runs the disk's system only where its command line leads there. */
function runningSystem(machine: Machine, boot: DiskSubject | null, direct: boolean): SystemFacts | null {
  if (direct && !/(?:^|\s)root=/.test(machine.cmdline ?? "")) return null;
  return boot?.facts?.system ?? null;
}
