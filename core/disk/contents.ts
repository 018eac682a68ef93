import type { FileSystem, FileSystemKind, Subvolume } from "../filesystem/filesystem.ts";
import { fileSystemKindOf } from "../filesystem/index.ts";
import { recognise } from "../filesystem/recognise.ts";
import { GuestkitError } from "../kit/errors.ts";
import type { Codec } from "../source/codec.ts";
import type { ByteSource } from "../source/source.ts";
import type { Explored } from "./explore.ts";
import type { DeviceNode } from "./node.ts";
import { refusalOf } from "./refusal.ts";

export interface Contents {
  readonly nodes: readonly DeviceNode[];
  /** To be closed. */
  readonly open: readonly FileSystem[];
  readonly warnings: readonly string[];
}

type Named = Pick<DeviceNode, "type" | "label" | "uuid">;
const UNKNOWN: Named = { type: null, label: null, uuid: null };

/** A device that holds neither a table nor a member, and what its reader is. */
interface Candidate {
  readonly each: Explored;
  readonly source: ByteSource;
  readonly kind: FileSystemKind | null;
}

/**
 * Opens the file systems of devices that were looked into; a damaged one only carries its `error`. One that lies on
 * several devices is opened from the first, and the others are named as a part of it.
 */
export async function openContents(devices: readonly Explored[], codec: Codec): Promise<Contents> {
  const candidates = new Map<Explored, Candidate>();
  const failed = new Map<Explored, GuestkitError>();
  for (const each of devices) {
    const { source } = each.device;
    if (!source || each.error || each.holding.table || each.holding.member) continue;
    try {
      candidates.set(each, { each, source, kind: await fileSystemKindOf(source) });
    } catch (error) {
      failed.set(each, refusalOf(error));
    }
  }
  const opener = new Opener([...candidates.values()], codec);
  const nodes: DeviceNode[] = [];
  for (const each of devices) {
    const candidate = candidates.get(each);
    for (const node of candidate ? await opener.nodesOf(candidate) : [await closedNode(each, failed.get(each))]) {
      nodes.push(node);
    }
  }
  return { nodes, open: opener.open, warnings: opener.warnings };
}

class Opener {
  readonly open: FileSystem[] = [];
  readonly warnings: string[] = [];
  readonly #candidates: readonly Candidate[];
  readonly #codec: Codec;
  /** Sources that are a part of what was opened from another device. */
  readonly #taken = new Map<ByteSource, string>();

  constructor(candidates: readonly Candidate[], codec: Codec) {
    this.#candidates = candidates;
    this.#codec = codec;
  }

  async nodesOf({ each, source, kind }: Candidate): Promise<readonly DeviceNode[]> {
    const base = bareNode(each);
    try {
      const partOf = this.#taken.get(source) ?? null;
      if (!kind || partOf !== null) return [{ ...base, ...(await namesOf(source)), partOf }];
      const others = kind.spans ? this.#othersOf(source, kind) : [];
      const fs = await kind.open(source, { ...this.#codec, others });
      this.open.push(fs);
      for (const warning of fs.warnings) this.warnings.push(`${base.device}: ${warning}`);
      for (const other of fs.others ?? []) this.#taken.set(other, base.device);
      return [openNode(base, fs), ...subvolumesOf(base, fs)];
    } catch (error) {
      return [{ ...base, ...(await namesSafely(source)), error: refusalOf(error) }];
    }
  }

  /** Those that bear the same mark and are no part of another. */
  #othersOf(source: ByteSource, kind: FileSystemKind): readonly ByteSource[] {
    const alike = this.#candidates.filter((each) => each.kind === kind && each.source !== source);
    return alike.map((each) => each.source).filter((other) => !this.#taken.has(other));
  }
}

/** Nothing is wrong with what no key was given for. */
const isLock = (error: GuestkitError | null) => error?.code === "E_LUKS_KEY_MISSING";

function bareNode({ device, holding, error }: Explored): DeviceNode {
  const { kind, aliases, size, on, partition, details } = device;
  const { member, table } = holding;
  const own = {
    kind,
    device: device.device,
    deviceUuid: device.uuid,
    aliases,
    capacity: size,
    size,
    on,
    partition,
    details,
  };
  return {
    ...own,
    ...UNKNOWN,
    free: null,
    table,
    subvolume: null,
    fs: null,
    content: device.source ?? null,
    error: isLock(error) ? null : error,
    locked: isLock(error) ? error : null,
    isMember: member !== null,
    partOf: null,
  };
}

/** Of a device with a table, of a member, and of one that cannot be looked into. */
async function closedNode(each: Explored, failure: GuestkitError | undefined): Promise<DeviceNode> {
  const base = bareNode(each);
  const { member, table } = each.holding;
  const { source } = each.device;
  const error = failure ?? base.error;
  if (member) {
    const { uuid, label } = member.label;
    return { ...base, type: member.kind.type, uuid, label, error };
  }
  if (table || !source) return { ...base, error };
  return { ...base, ...(await namesSafely(source)), error };
}

function openNode(base: DeviceNode, fs: FileSystem): DeviceNode {
  const { type, label, uuid, size, free } = fs;
  return { ...base, type, label, uuid, size, free, fs };
}

/** The topmost tree is the device's own where it is mounted by default. */
function subvolumesOf(base: DeviceNode, { subvolumes = [] }: FileSystem): readonly DeviceNode[] {
  return subvolumes.filter(({ path, isDefault }) => path !== "" || !isDefault).map((each) => subvolumeNode(base, each));
}

function subvolumeNode(base: DeviceNode, { id, path, isDefault, isSnapshot, fs }: Subvolume): DeviceNode {
  const { type, label, uuid, size, free } = fs;
  const own = { kind: "subvolume", device: `btrfsvol:${base.device}/${path}`, on: [base.device], fs } as const;
  const subvolume = { id, path, isDefault, isSnapshot };
  const held = { type, label, uuid, size, free, capacity: size };
  const aliases = base.aliases.map((alias) => `btrfsvol:${alias}/${path}`);
  return {
    ...base,
    ...own,
    ...held,
    aliases,
    deviceUuid: null,
    partition: null,
    table: null,
    details: {},
    subvolume,
    content: null,
  };
}

async function namesOf(source: ByteSource): Promise<Named & { readonly size: number }> {
  const found = await recognise(source);
  const { type, label, uuid } = found ?? UNKNOWN;
  return { type, label, uuid, size: source.size };
}

/** Of damaged content even the first sectors may be out of reach. */
async function namesSafely(source: ByteSource): ReturnType<typeof namesOf> {
  try {
    return await namesOf(source);
  } catch (error) {
    if (error instanceof GuestkitError) return { ...UNKNOWN, size: source.size };
    throw error;
  }
}
