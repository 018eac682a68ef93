import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Context } from "../../kit/context.ts";
import type { DiskIds } from "./configure.ts";
import { writeDisk } from "./disk.ts";
import { type BootstrapInput, boots, checkInput, checkTools, EFI_STUB, requireFile } from "./input.ts";
import { makeTree } from "./mmdebstrap.ts";
import { openNamespace } from "./namespace.ts";
import { chooseSources, type Sources } from "./sources.ts";
import { findKernel, type InstalledPackage, type Kernel, listPackages, measureTree, readTree } from "./tree.ts";
import { buildUki } from "./uki.ts";
import { openWorkspace } from "./workspace.ts";

export type { BootstrapInput } from "./input.ts";

export interface BootstrapTarget {
  /** The raw disk image to make; the caller gives it its name and removes it when this throws. */
  readonly path: string;
  /** Bytes; null: what the packages need, with room to work in. */
  readonly size: number | null;
}

/** What cannot, or not cheaply, be read back from the image. */
export interface BootstrapResult {
  /** Bytes of the disk. */
  readonly size: number;
  /** Everything that is installed, by name. */
  readonly packages: readonly InstalledPackage[];
  /** What to boot by hand with: paths inside the image and the whole command line; null without a kernel. */
  readonly boot: (Kernel & { readonly cmdline: string }) | null;
  readonly rootUuid: string;
}

/**
 * Builds Debian onto a raw disk image, as an ordinary user (or as root, in a container as well). The packages come
 * from `mmdebstrap` in a namespace; the file systems are made without mounting. Nothing is left of an aborted or killed
 * build but `target.path` and, after SIGKILL, a work folder that the next bootstrap removes.
 *
 * Throws, before any work: `E_BOOTSTRAP_INPUT`, `E_BOOTSTRAP_SNAPSHOT`, `E_TOOL_MISSING`, `E_USERNS_*`; later
 * `E_BOOTSTRAP_{PACKAGE,RELEASE,MIRROR,KEYRING,SPACE,KERNEL,SIZE}`, `E_TOOL_FAILED`.
 */
export async function bootstrapDebian(
  input: BootstrapInput,
  target: BootstrapTarget,
  context: Context,
): Promise<BootstrapResult> {
  const sources = await checkBootstrap(input, context);
  const namespace = await openNamespace(context.signal);
  await using workspace = await openWorkspace(namespace, context);
  const ids: DiskIds = { root: randomUUID(), esp: volumeId() };
  const tree = await makeTree({ input, ids, sources, workspace: workspace.path }, namespace, context);
  const boot = boots(input) ? await bootOf(tree, input, ids) : null;
  const content = {
    tree,
    treeSize: await measureTree(tree, namespace, context.signal),
    uki: boot && (await ukiOf(tree, boot)),
    ids,
  };
  const size = await writeDisk(content, { ...target, workspace: workspace.path }, namespace, context);
  return { size, packages: await listPackages(tree, context.signal), boot, rootUuid: ids.root };
}

/** Everything that can be refused without work. */
async function checkBootstrap(input: BootstrapInput, context: Context): Promise<Sources> {
  checkInput(input);
  await checkTools(input);
  const sources = await chooseSources(input, context);
  const keyrings = input.keyring === undefined ? sources.keyrings : [...sources.keyrings, input.keyring];
  for (const path of keyrings) await requireFile(path, "debian-archive-keyring");
  return sources;
}

async function bootOf(tree: string, input: BootstrapInput, ids: DiskIds) {
  return { ...(await findKernel(tree)), cmdline: `root=UUID=${ids.root} ro ${input.cmdline}`.trim() };
}

async function ukiOf(tree: string, boot: Kernel & { readonly cmdline: string }): Promise<Uint8Array> {
  return buildUki(await readFile(EFI_STUB), {
    osRelease: await readTree(tree, "/usr/lib/os-release"),
    cmdline: boot.cmdline,
    uname: boot.version,
    linux: await readTree(tree, boot.image),
    initrd: await readTree(tree, boot.initrd),
  });
}

/** FAT volume ID as /dev/disk/by-uuid spells it. */
function volumeId(): string {
  return randomBytes(4)
    .toString("hex")
    .toUpperCase()
    .replace(/^(.{4})/, "$1-");
}
