import { readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { GuestkitError } from "../kit/errors.ts";

/** UEFI firmware of the host, and the template of its variables. */
export interface FirmwareFiles {
  readonly code: string;
  readonly format: "raw" | "qcow2";
  readonly variables: string;
  readonly variablesFormat: "raw" | "qcow2";
  /** Starts signed loaders alone, and needs system management mode. */
  readonly secure: boolean;
}

/** Where descriptors of firmware lie, the first one wins (QEMU's docs/interop/firmware.json). */
const DESCRIPTORS = [
  join(homedir(), ".config/qemu/firmware"),
  "/etc/qemu/firmware",
  "/usr/share/qemu/firmware",
  "/opt/homebrew/share/qemu/firmware",
  "/usr/local/share/qemu/firmware",
];

type Pair = readonly [code: string, variables: string];

/** Where distributions that bring no descriptors put it: code and variables. */
const PLAIN: readonly Pair[] = [
  ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"],
  ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"],
  ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"],
  ["/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"],
  ["/usr/share/edk2-ovmf/x64/OVMF_CODE.fd", "/usr/share/edk2-ovmf/x64/OVMF_VARS.fd"],
  ["/usr/share/qemu/ovmf-x86_64-4m-code.bin", "/usr/share/qemu/ovmf-x86_64-4m-vars.bin"],
  ["/opt/homebrew/share/qemu/edk2-x86_64-code.fd", "/opt/homebrew/share/qemu/edk2-i386-vars.fd"],
  ["/usr/local/share/qemu/edk2-x86_64-code.fd", "/usr/local/share/qemu/edk2-i386-vars.fd"],
];
const SECURE: readonly Pair[] = [
  ["/usr/share/OVMF/OVMF_CODE_4M.ms.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"],
  ["/usr/share/OVMF/OVMF_CODE.secboot.fd", "/usr/share/OVMF/OVMF_VARS.ms.fd"],
  ["/usr/share/edk2/ovmf/OVMF_CODE.secboot.fd", "/usr/share/edk2/ovmf/OVMF_VARS.secboot.fd"],
  ["/usr/share/qemu/ovmf-x86_64-smm-ms-code.bin", "/usr/share/qemu/ovmf-x86_64-smm-ms-vars.bin"],
];

/** UEFI firmware for a machine. Throws `E_FIRMWARE_MISSING` with what is to be installed. */
export async function findFirmware(secure: boolean, machine: "q35" | "pc"): Promise<FirmwareFiles> {
  if (secure && machine === "pc") throw noSecurePc();
  for (const folder of DESCRIPTORS) {
    for (const file of await descriptorsIn(folder)) {
      const found = await described(file, secure, machine);
      if (found) return found;
    }
  }
  for (const [code, variables] of secure ? SECURE : PLAIN) {
    const found: FirmwareFiles = { code, format: "raw", variables, variablesFormat: "raw", secure };
    if (await isThere(found)) return found;
  }
  throw missing(secure);
}

/** By name: their leading numbers are their rank. */
async function descriptorsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => join(folder, name));
}

interface Descriptor {
  readonly "interface-types": readonly string[];
  readonly mapping: { readonly device: string; readonly executable?: Flash; readonly "nvram-template"?: Flash };
  readonly targets: readonly { readonly architecture: string; readonly machines: readonly string[] }[];
  readonly features: readonly string[];
}

interface Flash {
  readonly filename: string;
  readonly format: string;
}

async function described(path: string, secure: boolean, machine: "q35" | "pc"): Promise<FirmwareFiles | null> {
  const descriptor = await readDescriptor(path);
  if (!descriptor || !fits(descriptor, secure, machine)) return null;
  const { executable, "nvram-template": template } = descriptor.mapping;
  if (!executable || !template || !isFormat(executable.format) || !isFormat(template.format)) return null;
  const [code, variables] = [executable.filename, template.filename];
  const found = { code, format: executable.format, variables, variablesFormat: template.format, secure };
  return (await isThere(found)) ? found : null;
}

async function readDescriptor(path: string): Promise<Descriptor | null> {
  try {
    const found = JSON.parse(await readFile(path, "utf8")) as Partial<Descriptor>;
    const isWhole = found["interface-types"] && found.mapping && found.targets && found.features;
    return isWhole ? (found as Descriptor) : null;
  } catch {
    // One that is damaged, or masked by an empty file, describes nothing.
    return null;
  }
}

function fits(descriptor: Descriptor, secure: boolean, machine: "q35" | "pc"): boolean {
  const { features, mapping, targets } = descriptor;
  const chipset = machine === "q35" ? "pc-q35-" : "pc-i440fx-";
  const isTarget = targets.some(
    ({ architecture, machines }) => architecture === "x86_64" && machines.some((each) => each.startsWith(chipset)),
  );
  const enrolled = features.includes("secure-boot") && features.includes("enrolled-keys");
  const plain = !features.includes("requires-smm") && !features.includes("enrolled-keys");
  const isUefi = descriptor["interface-types"].includes("uefi") && mapping.device === "flash";
  return isUefi && isTarget && (secure ? enrolled : plain);
}

const isFormat = (format: string): format is "raw" | "qcow2" => format === "raw" || format === "qcow2";

async function isThere({ code, variables }: FirmwareFiles): Promise<boolean> {
  const found = await Promise.all([code, variables].map((path) => stat(path).catch(() => null)));
  return found.every((each) => each?.isFile() ?? false);
}

function missing(secure: boolean): GuestkitError {
  const what = secure ? "UEFI firmware with Secure Boot" : "UEFI firmware";
  return new GuestkitError("E_FIRMWARE_MISSING", `Cannot start the machine: this host has no ${what}`, {
    at: { field: [secure ? "secure_boot" : "firmware"] },
    help: "Install it: sudo apt-get install ovmf (Fedora: edk2-ovmf, Arch: edk2-ovmf, openSUSE: qemu-ovmf-x86_64).",
  });
}

function noSecurePc(): GuestkitError {
  return new GuestkitError("E_FIRMWARE_MISSING", 'Cannot start the machine: Secure Boot needs the machine type "q35"', {
    at: { field: ["machine"] },
    help: 'Set machine to "q35", or secure_boot to false.',
  });
}
