import type { Tree } from "../../filesystem/tree.ts";
import { readUsers, type User } from "../../guest/accounts.ts";
import { readCloudInit, readGuestAgent } from "../../guest/agents.ts";
import { readArchitecture } from "../../guest/architecture.ts";
import { readCloudInitConfig } from "../../guest/cloud-init.ts";
import { type CommandLine, readCommandLines } from "../../guest/command-line.ts";
import { readFstab } from "../../guest/fstab.ts";
import { readMachineId } from "../../guest/identity.ts";
import { type KernelModules, readKernelModules } from "../../guest/kernel-modules.ts";
import { type Kernel, readKernels } from "../../guest/kernels.ts";
import { readNetplan } from "../../guest/network/netplan.ts";
import { readRelease } from "../../guest/release.ts";
import { readRenderers } from "../../guest/renderers.ts";
import { readSshServer } from "../../guest/ssh-server.ts";
import { readUnits, type Units } from "../../guest/units.ts";
import type { Root } from "../../inspect/index.ts";
import type { Allowance } from "../../kit/budget.ts";
import type { Uki } from "./esp.ts";
import { DRIVERS, type KernelFacts, ROOT_DRIVERS, type SystemFacts } from "./facts.ts";
import { initramfsModules } from "./initramfs.ts";
import type { Reader } from "./reader.ts";

const SYSTEMD = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];

/** Every fact of one system that a rule asks for; one that cannot be read is null and named by `reader`. */
export async function systemFacts(
  { tree, device }: Pick<Root, "tree" | "device">,
  reader: Reader,
  ukis: readonly Uki[],
  signal?: AbortSignal,
): Promise<SystemFacts> {
  const fact = <T>(name: string, read: () => Promise<T>, more?: Partial<Allowance>) =>
    reader.fact(name, read, signal, more);
  const units = await fact("units", () => readUnits(tree));
  const users = await fact("users", () => readUsers(tree));
  const release = await fact("release", () => readRelease(tree));
  return {
    device,
    distro: release?.distro ?? null,
    version: release?.version ?? null,
    product: release?.product_name ?? null,
    arch: await fact("architecture", () => readArchitecture(tree)),
    systemd: (await fact("systemd", () => anyOf(tree, SYSTEMD))) ?? false,
    presets: (await fact("machine id", () => isFirstBoot(tree))) ?? true,
    masked: units?.masked ?? [],
    cloudInit: await fact("cloud-init", () => cloudInit(tree, units)),
    agent: await fact("guest agent", () => readGuestAgent(tree, null, units)),
    ssh: await fact("SSH server", () => readSshServer(tree, users, units)),
    users: users === null ? null : users.map(brief),
    kernels: await fact("kernels", () => kernels(tree, ukis), KERNELS_SHARE),
    commandLines: [...((await fact("kernel command line", () => readCommandLines(tree))) ?? []), ...ukiLines(ukis)],
    fstab: (await fact("fstab", () => readFstab(tree))) ?? [],
    machineId: await fact("machine id", () => readMachineId(tree)),
    renderers: await fact("network renderers", () => readRenderers(tree)),
    programs: await fact("programs", () => programs(tree)),
    netplan: await fact("netplan", () => netplan(tree)),
  };
}

/** By machine-id(5): a file that is missing or says so; an empty one is only filled in. */
async function isFirstBoot(tree: Tree): Promise<boolean> {
  const id = await tree.readText("/etc/machine-id");
  return id === null || id.trim() === "uninitialized";
}

async function anyOf(tree: Tree, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await tree.resolve(path)) return true;
  return false;
}

/** Where distributions put what cloud-init and mounts lean on. */
const PROGRAMS = {
  sudo: ["/usr/bin/sudo"],
  growpart: ["/usr/bin/growpart", "/usr/sbin/growpart"],
  sshfs: ["/usr/bin/sshfs", "/usr/sbin/sshfs"],
} as const;

async function programs(tree: Tree): Promise<SystemFacts["programs"]> {
  const names = ["sudo", "growpart", "sshfs"] as const;
  const found: (typeof names)[number][] = [];
  for (const name of names) if (await anyOf(tree, PROGRAMS[name])) found.push(name);
  return found;
}

const brief = ({ name, uid, shell, groups }: User) => ({ name, uid, shell, groups });

/** Told by its program, as the agent is: what is in a package's list may be gone. */
async function cloudInit(tree: Tree, units: Units | null): Promise<SystemFacts["cloudInit"]> {
  const { installed, enabled } = await readCloudInit(tree, null, units);
  return { installed, enabled, ...(await readCloudInitConfig(tree)) };
}

/** Command lines that unified kernel images carry in themselves. */
function ukiLines(ukis: readonly Uki[]): readonly CommandLine[] {
  return ukis.flatMap(({ path, cmdline }) => (cmdline === null ? [] : [{ file: path, text: cmdline }]));
}

async function netplan(tree: Tree): Promise<SystemFacts["netplan"]> {
  const found = await readNetplan(tree);
  return found && { file: found.files[0] ?? "/etc/netplan", renderer: found.renderer };
}

/** RAM disks are counted as what is in them. */
const KERNELS_SHARE: Partial<Allowance> = { bytes: 768 << 20 };
/** Kernels whose initial RAM disks are looked into, the newest ones. */
const MAX_UNPACKED = 3;

/** By version; RAM disks are unpacked from the newest kernel on, until one has all that is asked for. */
async function kernels(tree: Tree, ukis: readonly Uki[]): Promise<readonly KernelFacts[]> {
  const [uki, ...others] = ukis.filter(({ initrd }) => initrd !== null);
  const only = uki && others.length === 0 ? uki : null;
  const found: KernelFacts[] = [];
  for (const kernel of (await readKernels(tree)).toReversed()) {
    const answered = found.length >= MAX_UNPACKED || found.some(isComplete);
    const facts = await describeKernel(tree, kernel, uki !== undefined, only);
    found.push(answered ? facts : { ...facts, initrdModules: await unpack(tree, kernel, facts, only) });
  }
  return found.toReversed();
}

/** A kernel in a unified image has its RAM disk there, whatever else lies in /boot. */
async function describeKernel(tree: Tree, kernel: Kernel, unified: boolean, uki: Uki | null): Promise<KernelFacts> {
  const { version, image, initrd } = kernel;
  const folder = `/lib/modules/${version}`;
  const modules = await readKernelModules(tree, folder, DRIVERS);
  const where = uki ? `${uki.path} (.initrd)` : initrd;
  return { version, bootable: image !== null || unified, folder, modules, initrd: where, initrdModules: null };
}

async function unpack(
  tree: Tree,
  { initrd }: Kernel,
  { modules }: KernelFacts,
  uki: Uki | null,
): Promise<readonly string[] | null> {
  const packed = uki ? uki.initrd : initrd && (await tree.open(initrd));
  return packed && modules ? await initramfsModules(packed, wantedOf(modules), tree.budget) : null;
}

function isComplete({ modules, initrdModules }: KernelFacts): boolean {
  return modules !== null && initrdModules !== null && initrdModules.length === wantedOf(modules).size;
}

const wantedOf = ({ loadable }: KernelModules) => new Set(loadable.filter((name) => ROOT_DRIVERS.has(name)));
