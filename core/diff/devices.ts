import type { DeviceNode, Disk, FileSystemReport, Inspected } from "../inspect/index.ts";
import type { ByteSource } from "../source/source.ts";
import type { Change } from "./change.ts";
import { isSame } from "./content.ts";
import { type Comparison, compareLists } from "./lists.ts";
import { type Unread, unreadChange } from "./unread.ts";
import type { Work } from "./work.ts";

/** A disk that is open, what was read of it, and the device in it that alone is compared; null for all of them. */
export interface Side {
  readonly disk: Disk;
  readonly inspected: Inspected;
  readonly chosen: DeviceNode | null;
}

/** What differs in tables, in file systems as wholes, and in the bytes of what has no reader. */
export async function* compareDevices(before: Side, after: Side, work: Work): AsyncGenerator<Change> {
  // What was chosen in each is one thing, whatever it is called.
  const name = before.chosen === null ? null : (after.chosen?.device ?? null);
  yield* compareLists(devices, devicesOf(before, name), devicesOf(after, name), null);
  const [old, now] = [lackingIn(before), lackingIn(after)];
  if (old ?? now) yield unreadChange("filesystems", "devices", null, [old, now]);
  const others = nodesOf(after);
  for (const was of nodesOf(before)) {
    const is = others.find(({ device }) => name !== null || device === was.device);
    if (!is) continue;
    const errors = [errorOf(before, was), errorOf(after, is)] as const;
    const hasReader = !isClosed(was) && !isClosed(is) && errors.every((each) => each === null);
    if (!hasReader) yield* compareContent(was, is, errors, await sameBytes([before, was], [after, is], work));
  }
}

const lackingIn = ({ disk, chosen }: Side) => (chosen ? null : disk.lacking.join("; ") || null);

/** What may hold a file system, and disks of which nothing is recognised. */
function nodesOf({ disk, chosen }: Side): readonly DeviceNode[] {
  if (chosen) return [chosen];
  const bare = disk.nodes.filter((each) => each.kind === "disk" && each.table === null);
  return [...new Set([...bare, ...disk.filesystems])];
}

const errorOf = ({ inspected }: Side, { device }: DeviceNode) =>
  inspected.report.filesystems.find((each) => each.device === device)?.error ?? null;

interface Device {
  readonly device: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const devices: Comparison<Device> = {
  group: "filesystems",
  key: ({ device }) => device,
  fields: ({ fields }) => fields,
};

/** Devices with a table by that, and what may hold a file system. */
function devicesOf({ disk, inspected, chosen }: Side, name: string | null): readonly Device[] {
  const tables = disk.nodes.flatMap(({ device, table, capacity }) =>
    table && !chosen ? [{ device, fields: { partition_table: table.scheme, capacity } }] : [],
  );
  const meant = inspected.report.filesystems.filter(({ device }) => !chosen || device === chosen.device);
  return [...tables, ...meant.map((each) => ({ device: name ?? each.device, fields: fieldsOf(each, disk) }))];
}

function fieldsOf({ device, type, uuid, label, size, partition_uuid, partition_name }: FileSystemReport, disk: Disk) {
  const { partition, capacity } = disk.filesystems.find((each) => each.device === device) ?? {};
  const own = partition && { partition_type: partition.type, start: partition.start, bootable: partition.bootable };
  return { type, uuid, label, size, partition_uuid, partition_name, capacity, ...own };
}

/** Of what cannot be looked into the bytes: equal ones hold the same, whatever that is. */
function* compareContent(was: DeviceNode, is: DeviceNode, errors: Unread, same: boolean | Unread): Generator<Change> {
  if (same === true) return;
  if (typeof same !== "boolean") yield unreadChange("filesystems", is.device, null, same);
  else if (errors.some((each) => each !== null)) yield unreadChange("filesystems", is.device, null, errors);
  else if (isClosed(was) && isClosed(is)) {
    const fields = { content: [was.capacity, is.capacity] as const };
    yield { group: "filesystems", change: "modified", system: null, name: is.device, from: null, fields };
  }
}

/** Nothing of it is read elsewhere. What others are made of is read there; what lies in a swap area is nobody's. */
function isClosed({ fs, type, isMember, partOf, kind }: DeviceNode): boolean {
  return !fs && !isMember && partOf === null && type !== "swap" && kind !== "subvolume";
}

type Held = readonly [side: Side, node: DeviceNode];

async function sameBytes(before: Held, after: Held, work: Work): Promise<boolean | Unread> {
  const [was, is] = [sourcesOf(before), sourcesOf(after)];
  if (!was || !is || was.length !== is.length) return false;
  for (const [at, source] of was.entries()) {
    const same = await isSame(source, is[at] as ByteSource, work, after[1].device);
    if (same !== true) return same;
  }
  return true;
}

/** The bytes of a device; of one that is not open those of what it stands on. */
function sourcesOf([{ disk }, { content, on }]: Held): readonly ByteSource[] | null {
  if (content) return [content];
  const below = disk.nodes.filter(({ device }) => on.includes(device)).map((each) => each.content);
  return below.length > 0 && below.every((each) => each !== null) ? below : null;
}
