import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFile } from "../../host/write-file.ts";
import type { Context } from "../../kit/context.ts";
import { hostLogins, partLogins } from "./apt-login.ts";
import { openPackageCache } from "./cache.ts";
import { checkScript, type DiskIds, earlyScript, lateScript, packagesOf } from "./configure.ts";
import { watchFailure } from "./failure.ts";
import { hostAptOptions } from "./host-apt.ts";
import type { BootstrapInput } from "./input.ts";
import type { Namespace } from "./namespace.ts";
import { followProgress } from "./progress.ts";
import { quote } from "./script.ts";
import type { Sources } from "./sources.ts";
import { finishSources } from "./trust.ts";

const MERGED_USR = "/usr/share/mmdebstrap/hooks/maybe-merged-usr";

/** What a tree is made from, and where. */
export interface TreePlan {
  readonly input: BootstrapInput;
  readonly ids: DiskIds;
  readonly sources: Sources;
  readonly workspace: string;
}

/** Installs the packages into a directory and configures it. Gives the directory. */
export async function makeTree(plan: TreePlan, namespace: Namespace, context: Context): Promise<string> {
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
    const args = [...(await mmdebstrapArgs(plan, context)), input.release, tree, ...(await aptFiles(plan, context))];
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

/**
 * Settings and logins of this host's apt as files of ours alone: a proxy's or an archive's password may be among them.
 * Gives the sources, without any, and the argument that names them.
 */
async function aptFiles({ sources, workspace }: TreePlan, context: Context): Promise<string[]> {
  const parted = partLogins(sources.lines);
  const logins = [...parted.logins, ...(await hostLogins())];
  const options = [...(await hostAptOptions(sources.ofHost, context.signal))];
  if (logins.length > 0) {
    options.push(`Dir::Etc::netrc "${await keep(workspace, "auth.conf", logins)}";`);
  }
  if (options.length === 0) return [...parted.sources];
  return [...parted.sources, `--aptopt=${await keep(workspace, "apt.conf", options)}`];
}

async function keep(workspace: string, name: string, lines: readonly string[]): Promise<string> {
  const path = join(workspace, name);
  await writeFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  return path;
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
