import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../tool.ts";

/** The full kernel: Debian's cloud kernel has no 9p. */
export const KERNEL = "linux-image-amd64";

/** Downloads packages from the archive that the host's apt uses and unpacks them in `target`; none is installed. */
export async function unpackPackages(packages: readonly string[], target: string): Promise<void> {
  const debs = `${target}-debs`;
  await mkdir(debs);
  await mkdir(target);
  await run("sh", ["-c", 'cd "$1" && shift && apt-get -qq download "$@"', "sh", debs, ...packages]);
  for (const deb of await readdir(debs)) await run("dpkg-deb", ["-x", join(debs, deb), target]);
  await rm(debs, { recursive: true });
}

/** Unpacks today's kernel in `target` (`boot/` and `lib/modules/`); its `uname -r`. */
export async function unpackKernelPackage(target: string): Promise<string> {
  const told = await run("apt-cache", ["depends", "--important", KERNEL]);
  const name = /Depends: (linux-image-\S+)/.exec(told)?.[1];
  if (name === undefined) throw new Error(`apt knows no kernel for ${KERNEL}: run apt-get update`);
  await unpackPackages([name], target);
  return name.replace("linux-image-", "");
}
