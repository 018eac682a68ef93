import type { Tree } from "../filesystem/tree.ts";
import { nameIn } from "../kit/path.ts";

/** Where a kernel has the drivers that were asked for: names with underscores, as the kernel writes them. */
export interface KernelModules {
  /** Part of the kernel itself. */
  readonly builtin: readonly string[];
  /** Files below /lib/modules. */
  readonly loadable: readonly string[];
}

/** `wanted` among the drivers of a module tree; null where its lists are not there. */
export async function readKernelModules(
  tree: Tree,
  folder: string,
  wanted: ReadonlySet<string>,
): Promise<KernelModules | null> {
  const builtin = await tree.readText(`${folder}/modules.builtin`);
  const loadable = await tree.readText(`${folder}/modules.dep`);
  if (builtin === null || loadable === null) return null;
  const pick = (text: string, end: string) => namesOf(text, end).filter((name) => wanted.has(name));
  return { builtin: pick(builtin, "\n"), loadable: pick(loadable, ":") };
}

/** First words of lines (modules.dep(5), modules.builtin) as module names. */
function namesOf(text: string, end: string): string[] {
  return text.split("\n").flatMap((line) => moduleName(end === ":" ? (line.split(":", 1)[0] ?? "") : line) ?? []);
}

/** `virtio_blk` of `kernel/drivers/block/virtio-blk.ko.xz`; null of what is no module. */
export function moduleName(path: string): string | null {
  const name = /^(.+)\.ko(?:\.(?:xz|zst|gz|bz2))?$/.exec(nameIn(path))?.[1];
  return name?.replaceAll("-", "_") ?? null;
}
