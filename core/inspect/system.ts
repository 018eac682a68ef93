import { type DeviceNode, isReadable } from "../disk/node.ts";
import type { FileSystem } from "../filesystem/filesystem.ts";
import { readGroups, readUsers } from "../guest/accounts.ts";
import { readCloudInit, readGuestAgent } from "../guest/agents.ts";
import { readArchitecture } from "../guest/architecture.ts";
import { readBootloader } from "../guest/bootloader.ts";
import { familyOf } from "../guest/families.ts";
import { readHostname, readMachineId } from "../guest/identity.ts";
import { readKernels } from "../guest/kernels.ts";
import { readLocale, readTimezone } from "../guest/locale.ts";
import { readNetwork } from "../guest/network/index.ts";
import { PACKAGES_SHARE, readPackageFormat, readPackages } from "../guest/packages/index.ts";
import { readRelease } from "../guest/release.ts";
import { readUnits } from "../guest/units.ts";
import { readUpdater } from "../guest/updater.ts";
import { type Allowance, isLate } from "../kit/budget.ts";
import { partFault } from "../kit/errors.ts";
import type { Unpack } from "../source/packing.ts";
import type { Disk } from "./disk.ts";
import { type FactOptions, readFacts } from "./facts.ts";
import type { SystemReport } from "./report.ts";
import type { Root } from "./roots.ts";

/** GPT type and MBR type of an EFI system partition. */
const ESP_TYPES = ["c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"];
/** The same with the one that holds entries and kernels beside it (UAPI.2, extended boot loader partition). */
const BOOT_TYPES = [...ESP_TYPES, "bc13c2ff-59e6-4262-a352-b275fd6f7172", "0xea"];
const ESP_TARGETS = new Set(["/boot/efi", "/efi"]);

/** One system, and what of it cannot be told. */
export interface Described {
  readonly report: SystemReport;
  readonly warnings: readonly string[];
  /** Why each fact that could not be read was not, code and text, by the name that the warning of it gives it. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Every fact of one system, each within its own share of the disk's budget. A fact that cannot be read is null, with a
 * warning that says why.
 */
export async function describeSystem(disk: Disk, root: Root, { facts = [] }: FactOptions = {}): Promise<Described> {
  const { tree, device, mounts, devices } = root;
  const warnings = [...root.warnings];
  const unread = new Map<string, string>();
  const fact = async <T>(name: string, read: () => Promise<T>, more?: Partial<Allowance>): Promise<T | null> => {
    try {
      return await disk.budget.part(name, read, more);
    } catch (error) {
      if (isLate(error)) throw error;
      const { code, message } = partFault(error);
      const fault = code === "E_INTERNAL" ? " (E_INTERNAL: a fault in guestkit)" : "";
      warnings.push(`${device}: ${name} cannot be read: ${message}${fault}`);
      unread.set(name, `${code}: ${message}`);
      return null;
    }
  };
  const release = await fact("release", () => readRelease(tree));
  const format = await fact("package format", () => readPackageFormat(tree, release));
  const packages = await fact("packages", () => readPackages(tree, format, release), PACKAGES_SHARE);
  const units = await fact("units", () => readUnits(tree));
  const users = await fact("users", () => readUsers(tree));
  const family = release && familyOf(release);
  const updater = await fact("updater", () => readUpdater(tree));
  const bootPartitions = partitionsOf(disk, root, BOOT_TYPES);
  const warn = (text: string) => void warnings.push(`${device}: ${text}`);
  const report: SystemReport = {
    os_type: "linux",
    distro: release?.distro ?? null,
    version: release?.version ?? null,
    product_name: release?.product_name ?? null,
    product_variant: release?.product_variant ?? null,
    codename: release?.codename ?? null,
    osinfo: family?.osinfo ?? null,
    hostname: await fact("hostname", () => readHostname(tree)),
    machine_id: await fact("machine id", () => readMachineId(tree)),
    arch: await fact("architecture", () => readArchitecture(tree)),
    root: device,
    package_format: format,
    package_management: updater ?? family?.package_management ?? null,
    packages,
    mounts,
    users,
    groups: await fact("groups", () => readGroups(tree)),
    timezone: await fact("time zone", () => readTimezone(tree)),
    locale: await fact("locale", () => readLocale(tree)),
    kernels: await fact("kernels", () => readKernels(tree)),
    units,
    network: await fact("network", () => readNetwork(tree)),
    bootloader: await fact("bootloader", () =>
      readBootloader(tree, partitionsOf(disk, root, ESP_TYPES), disk.bootCode),
    ),
    cloud_init: await fact("cloud-init", () => readCloudInit(tree, packages, units)),
    guest_agent: await fact("guest agent", () => readGuestAgent(tree, packages, units)),
    ...(await readFacts(facts, { tree, users, units, devices, bootPartitions, codec: disk.codec, unpack, warn }, fact)),
  };
  return { report, warnings, unread };
}

/** Loaded by the first file that is packed. */
const unpack: Unpack = async (...all) => await (await import("../host/unpack.ts")).unpack(...all);

/** Firmware and loaders find their partitions by type; fstab may know more of them. */
function partitionsOf(disk: Disk, root: Root, types: readonly string[]): readonly FileSystem[] {
  const targets = new Set(root.mounts.filter(({ target }) => ESP_TARGETS.has(target)).map(({ device }) => device));
  const isSystem = ({ device, partition }: DeviceNode) =>
    targets.has(device) || (partition !== null && types.includes(partition.type));
  return disk.filesystems
    .filter(isReadable)
    .filter(isSystem)
    .map(({ fs }) => fs);
}
