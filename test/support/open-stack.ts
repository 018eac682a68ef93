import { noCodec } from "../../core/source/codec.ts";
import { openFileSource } from "../../core/source/file.ts";
import type { ByteSource } from "../../core/source/source.ts";
import {
  type MemberLabel,
  type StackedDevice,
  type StackGroup,
  type StackKind,
  stackKinds,
} from "../../core/volume/index.ts";

export interface OpenedStack extends AsyncDisposable {
  readonly groups: readonly StackGroup[];
  readonly devices: readonly StackedDevice[];
  readonly warnings: readonly string[];
  readonly missing: readonly string[];
  /** Throws the device's own error, and where there is none of that name. */
  source(device: string): ByteSource;
}

/** What the kinds of `core/volume` make of disks (paths or sources) that are members as they are, called sda, sdb, ... */
export async function openStack(disks: readonly (string | ByteSource)[]): Promise<OpenedStack> {
  const sources = await Promise.all(disks.map((disk) => (typeof disk === "string" ? openFileSource(disk) : disk)));
  const labels: { readonly kind: StackKind; readonly label: MemberLabel }[] = [];
  for (const [index, source] of sources.entries()) {
    const device = `/dev/sd${String.fromCharCode(97 + index)}`;
    for (const kind of stackKinds) {
      if (await kind.probe(source)) labels.push({ kind, label: await kind.read({ device, source }) });
    }
  }
  const opened = [...Map.groupBy(labels, ({ kind }) => kind)].map(([kind, each]) =>
    openKind(
      kind,
      each.map(({ label }) => label),
    ),
  );
  const groups = (await Promise.all(opened)).flat();
  const devices = groups.flatMap((each) => each.devices);
  return {
    groups: groups.map(({ group }) => group),
    devices,
    warnings: groups.flatMap((each) => each.warnings),
    missing: groups.flatMap(({ group }) => group.missing),
    source: (name) => {
      const { source, error } = devices.find(({ device }) => device === name) ?? {};
      if (!source) throw error ?? new Error(`there is no ${name}`);
      return source;
    },
    [Symbol.asyncDispose]: async () => {
      for (const source of sources) await source[Symbol.asyncDispose]();
    },
  };
}

async function openKind(kind: StackKind, labels: readonly MemberLabel[]) {
  let number = 128;
  const context = { ...noCodec, keys: async () => [], arrayNumber: () => --number };
  const grouped = kind.groups?.(labels) ?? Map.groupBy(labels, ({ group }) => group);
  const found = [];
  for (const each of grouped.values()) {
    const group = await kind.assemble(each, context);
    found.push({ group, ...(await group.open()) });
  }
  return found;
}
