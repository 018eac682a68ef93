import { PACKAGES_SHARE, readPackageFormat, readPackages } from "../../guest/packages/index.ts";
import { readRelease } from "../../guest/release.ts";
import { type Disk, reading } from "../../inspect/index.ts";
import type { Context } from "../../kit/context.ts";
import { effectiveMachine } from "../../machine/disks/effective.ts";
import type { MachineDisk } from "../../machine/machine.ts";
import { findBase } from "../base.ts";
import { lacks } from "./job.ts";

/**
 * Looks into the image before anything is started: one that lacks a package is refused at once. What cannot be read is no
 * fault: the guest is asked then. Throws `E_CLEAN_IMAGE`.
 */
export async function demandPackages(base: string, wanted: readonly string[], context: Context): Promise<void> {
  context.progress({ phase: "looking into the image", detail: base });
  // Neither a machine nor an image: said now.
  await findBase(base, context);
  const installed = await installedIn(base, context).catch(() => null);
  context.signal.throwIfAborted();
  const missing = installed && wanted.filter((each) => !installed.has(each));
  if (missing && missing.length > 0) throw lacks(base, missing.join(", "));
}

/** Of the first disk that holds a Debian; null where there is none. */
async function installedIn(base: string, context: Context): Promise<ReadonlySet<string> | null> {
  for (const { image, format } of await imagesOf(base, context)) {
    const found = await reading(image, { format: format ?? undefined, signal: context.signal }, debianPackages);
    if (found) return found;
  }
  return null;
}

async function debianPackages(disk: Disk): Promise<ReadonlySet<string> | null> {
  const [root] = (await disk.findRoots()).roots;
  if (!root || (await readPackageFormat(root.tree, await readRelease(root.tree))) !== "deb") return null;
  const packages = await disk.budget.part("packages", () => readPackages(root.tree, "deb"), PACKAGES_SHARE);
  return new Set(packages.filter(({ status }) => status === "installed").map(({ name }) => name));
}

async function imagesOf(base: string, context: Context): Promise<readonly Pick<MachineDisk, "image" | "format">[]> {
  const found = await findBase(base, context);
  if (found.kind === "image") return [{ image: found.path, format: null }];
  const { machine } = found.memory;
  // As one that is drawn from it would see them: the machine's own copies where it has some.
  const drawn = { ...machine, name: `${machine.name} `, template_vm: machine.name, base: null, disks: {} };
  const { disks } = await effectiveMachine(drawn, context.settings);
  return Object.values(disks);
}
