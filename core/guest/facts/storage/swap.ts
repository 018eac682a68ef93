import { recogniseSwap } from "../../../filesystem/swap/index.ts";
import type { Tree } from "../../../filesystem/tree.ts";
import { readFstab } from "../../fstab.ts";
import { readUnitFile, UNIT_FOLDERS } from "../../unit-file.ts";
import type { Known } from "../fact.ts";
import { numberOf, readZram } from "./zram.ts";

/** Where a system puts what it has no memory for. */
export interface Swap {
  /** As its file names it: `UUID=...`, `/swapfile`, `/dev/zram0`. */
  readonly device: string;
  readonly kind: "partition" | "file" | "zram";
  /** What names it: `/etc/fstab`, a unit, a configuration; null for a device that holds swap space and none names. */
  readonly configured_in: string | null;
  /** The device of this image that it is; null where it is none. */
  readonly found: string | null;
  /** Bytes, as the swap space's own head says; null where it is not in the image. */
  readonly size: number | null;
  /** As it is written, where it is reckoned when the system starts: `min(ram / 2, 4096)`. */
  readonly size_rule: string | null;
  readonly priority: number | null;
}

interface Named {
  readonly device: string;
  readonly file: string;
  readonly priority: number | null;
}

const SWAP = /^(?:swap|swsuspend)$/;
/** The head of swap space, whatever a page's size. */
const HEAD = 64 << 10;

/** Swap by fstab, by units, in compressed memory, and on devices that nothing names. */
export async function readSwap({ tree, devices }: Known): Promise<readonly Swap[]> {
  const named = [...(await ofFstab(tree)), ...(await ofUnits(tree))];
  const found: Swap[] = [];
  for (const each of named) found.push(await locate(each, tree, devices));
  for (const { device, file, size, priority } of await readZram(tree)) {
    found.push({ ...EMPTY, device, kind: "zram", configured_in: file, size_rule: size, priority });
  }
  const known = new Set(found.map((each) => each.found));
  const unnamed = devices.own.filter(({ device, type }) => SWAP.test(type ?? "") && !known.has(device));
  return [...found, ...unnamed.map(({ device, size }): Swap => ({ ...EMPTY, device, found: device, size }))];
}

const EMPTY = {
  kind: "partition",
  configured_in: null,
  found: null,
  size: null,
  size_rule: null,
  priority: null,
} as const;

async function ofFstab(tree: Tree): Promise<readonly Named[]> {
  const lines = (await readFstab(tree)).filter(({ type }) => type === "swap");
  return lines.map(({ spec, options }) => ({ device: spec, file: "/etc/fstab", priority: priorityOf(options) }));
}

/** systemd.swap(5): a unit that names what it turns on. */
async function ofUnits(tree: Tree): Promise<readonly Named[]> {
  const names = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of await tree.names(folder)) if (name.endsWith(".swap")) names.add(name);
  }
  const found: Named[] = [];
  for (const name of [...names].sort()) {
    const unit = await readUnitFile(tree, name);
    const device = unit?.values("Swap", "What").at(-1);
    if (!unit || !device) continue;
    const options = (unit.values("Swap", "Options").at(-1) ?? "").split(",");
    const priority = numberOf(unit.values("Swap", "Priority").at(-1)) ?? priorityOf(options);
    found.push({ device, file: unit.files[0] as string, priority });
  }
  return found;
}

function priorityOf(options: readonly string[]): number | null {
  return numberOf(options.find((option) => option.startsWith("pri="))?.slice("pri=".length));
}

async function locate({ device, file, priority }: Named, tree: Tree, devices: Known["devices"]): Promise<Swap> {
  const isFile = device.startsWith("/") && !device.startsWith("/dev/");
  const base = { ...EMPTY, device, configured_in: file, priority };
  if (isFile) return { ...base, kind: "file", size: await sizeOfFile(tree, device) };
  const node = devices.find(device);
  return { ...base, found: node?.device ?? null, size: node && SWAP.test(node.type ?? "") ? node.size : null };
}

/** Null where there is no such file, or no swap space in it yet. */
async function sizeOfFile(tree: Tree, path: string): Promise<number | null> {
  const source = await tree.open(path);
  if (!source) return null;
  const length = Math.min(HEAD, source.size);
  tree.budget.spend("bytes", length, path);
  return recogniseSwap(await source.read(0, length))?.size ?? null;
}
