import { networksOf } from "../../machine/machine.ts";
import { type KernelFacts, NETWORK_DRIVERS, SHARE_DRIVERS, STORAGE_DRIVERS } from "../facts/facts.ts";
import type { Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { cannot, image, imagePath } from "./words.ts";

/** Alternatives of which one is needed, for each part of a device. */
type Needs = readonly (readonly string[])[];

export const busDriver: Rule = {
  code: "P_BUS_DRIVER",
  severity: "error",
  summary: "The kernel and its initial RAM disk have no driver for the bus of the boot disk.",
  explanation:
    "Until the root file system is there, a kernel has what is built into it and what its initial RAM disk holds. Looked at: modules.builtin and modules.dep of each kernel, the RAM disk's own list (cpio plain, gzip or zstd; nothing is said of others). Fault where no kernel of the system has the drivers.",
  help: "Choose another bus for the disk, or rebuild the RAM disk with the driver (initramfs-tools: MODULES=most; dracut: --no-hostonly).",
  check: (subject) => {
    const { boot } = subject;
    const needs = boot ? STORAGE_DRIVERS[boot.disk.bus] : undefined;
    if (!boot || !needs || subject.firmware === null) return [];
    const lack = everyKernel(subject, (kernel) => absentAtRoot(kernel, needs));
    if (!lack) return [];
    const { kernel, missing } = lack;
    const where = kernel.modules?.loadable.includes(missing[0] ?? "")
      ? `${kernel.initrd ?? `kernel ${kernel.version}, which has no initial RAM disk`} lacks it`
      : `kernel ${kernel.version} has none (${kernel.folder}/modules.dep)`;
    const what = `bus ${boot.disk.bus} of disk ${boot.key} needs driver ${missing.join(" or ")}: ${where}, in ${image(subject)}`;
    return [{ message: cannot(subject, what), path: ["disks", boot.key, "bus"] }];
  },
};

export const networkDriver: Rule = {
  code: "P_NETWORK_DRIVER",
  severity: "warning",
  summary: "The kernel has no driver for a network card.",
  explanation: "Looked at: modules.builtin and modules.dep of each kernel.",
  help: "Choose another model for the network, or install the distribution's full kernel in the image.",
  check: (subject) =>
    !subject.knows("networks")
      ? []
      : Object.entries(networksOf(subject.machine)).flatMap(([key, { model }]) => {
          const lack = everyKernel(subject, (kernel) => absent(kernel, NETWORK_DRIVERS[model] ?? []));
          if (!lack) return [];
          const what = `${model} of network ${key} needs driver ${lack.missing.join(" or ")}, and kernel ${lack.kernel.version} has none (${lack.kernel.folder}/modules.dep in ${image(subject)})`;
          const path = subject.machine.networks === null ? imagePath(subject) : ["networks", key, "model"];
          return [{ message: cannot(subject, what, "reach"), path }];
        }),
};

export const shareKind: Rule = {
  code: "P_SHARE_KIND",
  severity: "error",
  summary: "The guest's kernel cannot mount a share of this kind.",
  explanation:
    "9p needs the modules 9p and 9pnet_virtio, virtiofs the module of that name, sshfs fuse, nfs nfsv4, smb cifs. Debian's and Ubuntu's kernels for clouds have virtiofs and no 9p; RHEL's have no 9p at all.",
  help: "Leave kind out (what host and guest both can is chosen), take the other kind, or install the full kernel (linux-image-amd64).",
  check: (subject) =>
    Object.entries(subject.machine.shares ?? {}).flatMap(([key, { kind }]) => {
      const lack = kind && everyKernel(subject, (kernel) => absent(kernel, SHARE_DRIVERS[kind] ?? []));
      if (!lack) return [];
      const what = `kernel ${lack.kernel.version} has no ${lack.missing.join(" or ")} (${lack.kernel.folder}/modules.dep in ${image(subject)}), and share ${key} is ${kind}`;
      return [{ message: cannot(subject, what, "share with"), path: ["shares", key, "kind"] }];
    }),
};

interface Lack {
  readonly kernel: KernelFacts;
  readonly missing: readonly string[];
}

/** What the newest kernel lacks where every one lacks something; null where one has all, or one is not known. */
function everyKernel(
  { system, machine }: Subject,
  lacks: (kernel: KernelFacts) => readonly string[] | null,
): Lack | null {
  const kernels = (system?.kernels ?? []).filter(({ bootable }) => bootable);
  // A kernel of the host may be any; only where it is one of the image's versions do these modules fit it.
  if (kernels.length === 0 || machine.kernel !== null) return null;
  const answers = kernels.map((kernel) => ({ kernel, missing: lacks(kernel) }));
  if (answers.some(({ missing }) => missing === null || missing.length === 0)) return null;
  const last = answers.at(-1);
  return last?.missing ? { kernel: last.kernel, missing: last.missing } : null;
}

/** The first part without a driver, among all of a kernel's modules; empty where none lacks, null where unknown. */
export function absent({ modules }: KernelFacts, needs: Needs): readonly string[] | null {
  if (!modules) return null;
  const has = new Set([...modules.builtin, ...modules.loadable]);
  return needs.find((drivers) => !drivers.some((each) => has.has(each))) ?? [];
}

/** The same among what is there before the root file system is. */
function absentAtRoot(kernel: KernelFacts, needs: Needs): readonly string[] | null {
  const { modules, initrd, initrdModules } = kernel;
  if (!modules) return null;
  const never = absent(kernel, needs);
  if (never === null || never.length > 0) return never;
  const builtin = new Set(modules.builtin);
  const rest = needs.filter((drivers) => !drivers.some((each) => builtin.has(each)));
  if (initrd !== null && initrdModules === null) return rest.length === 0 ? [] : null;
  return rest.find((drivers) => !drivers.some((each) => initrdModules?.includes(each))) ?? [];
}
