import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../kit/context.ts";
import { openPackageCache } from "./cache.ts";
import { checkScript, type DiskIds, earlyScript, lateScript, packagesOf } from "./configure.ts";
import { writeDisk } from "./disk.ts";
import { watchFailure } from "./failure.ts";
import { type BootstrapInput, boots, checkInput, checkTools, EFI_STUB, requireFile } from "./input.ts";
import { type Namespace, openNamespace } from "./namespace.ts";
import { followProgress } from "./progress.ts";
import { quote } from "./script.ts";
import { chooseSources, type Sources } from "./sources.ts";
import { findKernel, type InstalledPackage, type Kernel, listPackages, measureTree, readTree } from "./tree.ts";
import { finishSources } from "./trust.ts";
import { buildUki } from "./uki.ts";
import { openWorkspace } from "./workspace.ts";

export type { BootstrapInput } from "./input.ts";

const MERGED_USR = "/usr/share/mmdebstrap/hooks/maybe-merged-usr";

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

interface TreePlan {
  readonly input: BootstrapInput;
  readonly ids: DiskIds;
  readonly sources: Sources;
  readonly workspace: string;
}

/** Installs the packages into a directory and configures it. Gives the directory. */
async function makeTree(plan: TreePlan, namespace: Namespace, context: Context): Promise<string> {
  const { input, workspace } = plan;
  const tree = join(workspace, "tree");
  const failure = watchFailure(input);
  const progress = followProgress(context.progress);
  context.progress({ phase: "reading package lists" });
  const onLine = (line: string) => {
    failure.line(line);
    progress(line);
  };
  try {
    const args = [...(await mmdebstrapArgs(plan, context)), input.release, tree, ...plan.sources.lines];
    await namespace.run("mmdebstrap", args, {
      signal: context.signal,
      onLine,
      doing: `bootstrap ${input.release}`,
      env: { TMPDIR: workspace },
    });
  } catch (error) {
    throw failure.explain(error);
  }
  return tree;
}

async function mmdebstrapArgs(plan: TreePlan, context: Context): Promise<string[]> {
  const { input } = plan;
  return [
    // Inside the namespace we are root already, and mmdebstrap makes no further one of users.
    ...["--verbose", "--mode=unshare", "--format=directory"],
    ...[`--variant=${input.variant}`, `--architectures=${input.architecture}`],
    ...[`--components=${input.components.join(",")}`, ...include(input)],
    // A crash throws the whole tree away: nothing need be synced on the way.
    ...["--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Languages "none"', "--skip=essential/unlink,download/check"],
    // Packages' scripts find our stand-in for update-initramfs first.
    '--aptopt=DPkg::Path "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"',
    // Lays /usr out merged from the start where the release wants that, instead of by a package with all of Perl.
    ...(existsSync(MERGED_USR) ? [`--hook-dir=${MERGED_USR}`] : []),
    ...(input.snapshot === undefined ? [] : ['--aptopt=Acquire::Check-Valid-Until "false"']),
    ...(input.keyring === undefined ? [] : [`--keyring=${input.keyring}`]),
    ...(await hooksOf(plan, context)),
  ];
}

async function hooksOf(plan: TreePlan, context: Context): Promise<string[]> {
  const { input, ids, sources } = plan;
  const cache = await openPackageCache(input, context);
  return [
    await hook(plan, "setup", "fetch", cache.fetch),
    await hook(plan, "setup", "check", checkScript(packagesOf(input))),
    await hook(plan, "essential", "early", earlyScript(input, ids)),
    await hook(plan, "customize", "late", lateScript(input)),
    await hook(plan, "customize", "sources", finishSources(sources, input.keyring ?? null)),
    await hook(plan, "customize", "store", cache.store),
  ];
}

/** An empty list is refused by mmdebstrap. */
function include(input: BootstrapInput): string[] {
  const packages = packagesOf(input);
  return packages.length === 0 ? [] : [`--include=${packages.join(",")}`];
}

/** Scripts may carry a password's hash: they are files of ours alone, never arguments. */
async function hook({ workspace }: TreePlan, when: string, name: string, text: string): Promise<string> {
  const path = join(workspace, `${name}.sh`);
  await writeFile(path, text, { mode: 0o600 });
  return `--${when}-hook=sh -eu ${quote(path)} "$1"`;
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
