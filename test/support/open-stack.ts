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
  /** Of members and groups that could not be read, where these may be left out. */
  readonly errors: readonly unknown[];
  /** Throws the device's own error, and where there is none of that name. */
  source(device: string): ByteSource;
}

/** What the kinds of `core/volume` make of disks (paths or sources) that are members as they are, called sda, sdb, ... */
export async function openStack(
  disks: readonly (string | ByteSource)[],
  { mayRefuse = false }: { readonly mayRefuse?: boolean } = {},
): Promise<OpenedStack> {
  const errors: unknown[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T[]> => {
    if (!mayRefuse) return [await work()];
    return work().then(
      (value) => [value],
      (error) => {
        errors.push(error);
        return [];
      },
    );
  };
  const sources = await Promise.all(disks.map((disk) => (typeof disk === "string" ? openFileSource(disk) : disk)));
  const labels: { readonly kind: StackKind; readonly label: MemberLabel }[] = [];
  for (const [index, source] of sources.entries()) {
    const device = `/dev/sd${String.fromCharCode(97 + index)}`;
    for (const kind of stackKinds) {
      if (!(await kind.probe(source))) continue;
      labels.push(...(await attempt(async () => ({ kind, label: await kind.read({ device, source }) }))));
    }
  }
  const groups = [];
  let number = 128;
  const context = { ...noCodec, keys: async () => [], arrayNumber: () => --number };
  for (const [kind, each] of Map.groupBy(labels, (label) => label.kind)) {
    const members = each.map(({ label }) => label);
    for (const together of (kind.groups?.(members) ?? Map.groupBy(members, ({ group }) => group)).values()) {
      const opening = async () => {
        const group = await kind.assemble(together, context);
        return { group, ...(await group.open()) };
      };
      groups.push(...(await attempt(opening)));
    }
  }
  const devices = groups.flatMap((each) => each.devices);
  return {
    groups: groups.map(({ group }) => group),
    devices,
    warnings: groups.flatMap((each) => each.warnings),
    errors,
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
