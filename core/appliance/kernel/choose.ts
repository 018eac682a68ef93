import { access, constants, readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { parseAssignments } from "../../guest/assignments.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { indexModules, type Kernel, lackingModules, type ModuleIndex } from "./modules.ts";

/** Debian's small kernel for virtual machines, and the one with everything (f2fs); Ubuntu's. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  debian: ["linux-image-cloud-amd64", "linux-image-amd64"],
  ubuntu: ["linux-image-virtual", "linux-image-generic"],
};

/** Packages of the distribution that bring a kernel, the smallest first. Throws `E_APPLIANCE_KERNEL` where none is known. */
export async function kernelPackages(): Promise<readonly string[]> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const assigned = parseAssignments(text);
  const words = ["ID", "ID_LIKE"].flatMap((name) => assigned.get(name)?.split(" ") ?? []);
  const known = words.find((word) => PACKAGES[word]);
  if (known !== undefined) return PACKAGES[known] ?? [];
  throw new GuestkitError(
    "E_APPLIANCE_KERNEL",
    "Cannot find a kernel for the appliance: this distribution is not known",
    {
      help: "The host's own kernel serves where it can be read (/boot/vmlinuz-*) and has virtio_blk and virtio_console.",
    },
  );
}

/** The kernel that this host runs, where its files can be read and it lacks none of `needed`; else null. */
export async function hostKernel(needed: readonly string[]): Promise<Kernel | null> {
  if (process.arch !== "x64") return null;
  const own = release();
  for (const folder of ["/lib/modules", "/usr/lib/modules"]) {
    const modules = join(folder, own);
    const image = await firstReadable([join(modules, "vmlinuz"), `/boot/vmlinuz-${own}`]);
    if (image === null) continue;
    const kernel = { release: own, image, modules };
    const index = await indexModules(kernel).catch(() => null);
    if (index && lackingModules(index, needed).length === 0) return kernel;
  }
  return null;
}

async function firstReadable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const isReadable = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (isReadable) return path;
  }
  return null;
}

/** Throws `E_APPLIANCE_KERNEL`, which names the modules. */
export function demandModules({ release: name }: Kernel, index: ModuleIndex, needed: readonly string[]): void {
  const lacking = lackingModules(index, needed);
  if (lacking.length === 0) return;
  throw new GuestkitError("E_APPLIANCE_KERNEL", `Cannot use the kernel ${name}: it has no ${lacking.join(", ")}`, {
    help: "Take a kernel that has them: the distribution's largest one, installed on this host.",
  });
}
