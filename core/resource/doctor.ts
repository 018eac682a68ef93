import { access, constants, readFile } from "node:fs/promises";
import { EFI_STUB, requireFile } from "../build/bootstrap/input.ts";
import { openNamespace } from "../build/bootstrap/namespace.ts";
import { whereIs } from "../build/process.ts";
import { tools } from "../build/tools.ts";
import { makeFolder } from "../host/folder.ts";
import { resolveSettings } from "../host/settings.ts";
import type { Settings } from "../kit/context.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { chooseAccelerator } from "../machine/accelerator/index.ts";
import { findFirmware } from "../machine/firmware.ts";
import { machineFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { overgrownLogs } from "../machine/log-limit.ts";
import { readMemory } from "../machine/memory.ts";
import { findVirtiofsd } from "../machine/share/virtiofs.ts";

/** One thing that this host can or cannot do. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Without an optional one only some things do not work. */
  readonly optional: boolean;
  readonly detail: string;
  /** How to mend it; null where all is well. */
  readonly help: string | null;
}

const LEAST_NODE = 24;

/** What this host can do, and how to mend what it cannot. Changes nothing but making guestkit's own folders. */
export async function examineHost(): Promise<readonly Finding[]> {
  const settings = resolveSettings();
  return [
    nodeVersion(),
    ...tools.map(programs),
    await efiStub(),
    await namespaces(),
    await accelerator(settings),
    fileServer(),
    await uefi(),
    await datagrams(),
    await logs(settings),
    await folder("data folder", settings.dataDir),
    await folder("cache folder", settings.cacheDir),
    await folder("runtime folder", settings.runtimeDir),
  ];
}

function finding(name: string, ok: boolean, optional: boolean, detail: string, help: string): Finding {
  return { name, ok, optional, detail, help: ok ? null : help };
}

function nodeVersion(): Finding {
  const { node } = process.versions;
  const help = `Install Node ${LEAST_NODE} or later.`;
  return finding("node", Number.parseInt(node, 10) >= LEAST_NODE, false, node, help);
}

function programs(tool: (typeof tools)[number]): Finding {
  const path = whereIs(tool.command);
  const help = `To ${tool.purpose}: sudo apt-get install ${tool.package}`;
  return finding(tool.command, path !== null, tool.optional, path ?? "not installed", help);
}

async function efiStub(): Promise<Finding> {
  const missing = await requireFile(EFI_STUB, "systemd-boot-efi").catch(asGuestkitError);
  const help = `To bootstrap images that boot by UEFI: ${missing?.help}`;
  return finding("EFI stub", !missing, true, missing ? "not installed" : EFI_STUB, help);
}

/** What a bootstrap needs; the refusal itself says how to mend it. */
async function namespaces(): Promise<Finding> {
  const name = "user namespaces";
  try {
    await openNamespace(new AbortController().signal);
    return finding(name, true, true, "allowed", "");
  } catch (error) {
    const { message, help } = asGuestkitError(error);
    return finding(name, false, true, message, `To bootstrap Debian: ${help ?? message}`);
  }
}

/** What guests run with, by trial; the trial itself may be what fails. */
async function accelerator(settings: Settings): Promise<Finding> {
  const { signal } = new AbortController();
  try {
    const { accelerator, reason, help } = await chooseAccelerator({ settings, signal });
    return finding("accelerator", help === null, true, `${accelerator}: ${reason}`, help ?? "");
  } catch (error) {
    const { message, help } = asGuestkitError(error);
    return finding("accelerator", false, true, message, `To run machines: ${help ?? message}`);
  }
}

/** No package of Debian 12, and of later ones in another place than PATH. */
function fileServer(): Finding {
  const path = findVirtiofsd();
  const help = "To share folders by virtiofs: sudo apt-get install virtiofsd (Debian 13), or cargo install virtiofsd";
  return finding("virtiofsd", path !== null, true, path ?? "not installed", help);
}

async function uefi(): Promise<Finding> {
  const found = await findFirmware(false, "q35").catch(asGuestkitError);
  if (found instanceof Error)
    return finding("UEFI firmware", false, true, "not installed", found.help ?? found.message);
  return finding("UEFI firmware", true, true, found.code, "");
}

const QUEUE = "net.unix.max_dgram_qlen";
const LEAST_QUEUE = 100;

/** With the kernel's own 10, QEMU spins while the other end of a link is paused; systemd sets 512. */
async function datagrams(): Promise<Finding> {
  const text = await readFile(`/proc/sys/${QUEUE.replaceAll(".", "/")}`, "utf8").catch(() => null);
  const length = text === null ? LEAST_QUEUE : Number(text);
  const help = `So that a link to a paused machine takes no processor time: sudo sysctl ${QUEUE}=512`;
  return finding("link queue", length >= LEAST_QUEUE, true, text === null ? "not limited" : String(length), help);
}

/** What guests wrote since the last command on their machines, which cuts it. */
async function logs(settings: Settings): Promise<Finding> {
  const told: string[] = [];
  for (const name of await listMachines(settings)) {
    const folder = machineFolder(name, settings);
    const memory = await readMemory(folder).catch(() => null);
    if (memory) told.push(...(await overgrownLogs(folder, memory.machine)));
  }
  const help = "So that the logs are cut: guestkit vm status NAME, or any other command on the machine";
  return finding("machine logs", told.length === 0, true, told.join("; ") || "within their limits", help);
}

async function folder(name: string, path: string): Promise<Finding> {
  try {
    await makeFolder(path, 0o700);
    await access(path, constants.W_OK);
    return finding(name, true, false, path, "");
  } catch (error) {
    return finding(name, false, false, path, `Make it writable: ${reasonOf(error)}`);
  }
}
