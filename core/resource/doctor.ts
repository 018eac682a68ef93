import { access, constants, readFile } from "node:fs/promises";
import { EFI_STUB, requireFile } from "../build/bootstrap/input.ts";
import { openNamespace } from "../build/bootstrap/namespace.ts";
import { makeFolder } from "../host/folder.ts";
import { whereIs } from "../host/program/process.ts";
import { tools } from "../host/program/tools.ts";
import { resolveSettings } from "../host/settings.ts";
import type { Settings } from "../kit/context.ts";
import { asGuestkitError } from "../kit/errors.ts";
import { reasonOf } from "../kit/system-error.ts";
import { machineFolder } from "../machine/folder.ts";
import { listMachines } from "../machine/list.ts";
import { overgrownLogs } from "../machine/log-limit.ts";
import { readMemory } from "../machine/memory.ts";
import { chooseAccelerator } from "../qemu/accelerator/index.ts";
import { findFirmware } from "../qemu/firmware.ts";
import { findVirtiofsd } from "../share/virtiofs.ts";

/** One thing that this host can or cannot do. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Without an optional one only some things do not work. */
  readonly optional: boolean;
  /** What it is for: completes "To ...". */
  readonly purpose: string;
  readonly detail: string;
  /** How to mend it; null where all is well. */
  readonly help: string | null;
}

const LEAST_NODE = 24;
const NOT_THERE = "not installed";

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
    await folder("data folder", "keep machines", settings.dataDir),
    await folder("cache folder", "keep downloads and what was looked at", settings.cacheDir),
    await folder("runtime folder", "reach running machines", settings.runtimeDir),
  ];
}

interface Look {
  readonly ok: boolean;
  readonly detail: string;
  /** The next step; told where `ok` is false. */
  readonly help: string;
  readonly optional?: boolean;
}

function finding(name: string, purpose: string, { ok, detail, help, optional = true }: Look): Finding {
  return { name, ok, optional, purpose, detail, help: ok ? null : help };
}

function nodeVersion(): Finding {
  const { node } = process.versions;
  const ok = Number.parseInt(node, 10) >= LEAST_NODE;
  const help = `Install Node ${LEAST_NODE} or later: npm install --global node@${LEAST_NODE}`;
  return finding("node", "run guestkit", { ok, detail: node, help, optional: false });
}

function programs({ command, purpose, optional, ...tool }: (typeof tools)[number]): Finding {
  const path = whereIs(command);
  const help = `sudo apt-get install ${tool.package}`;
  return finding(command, purpose, { ok: path !== null, detail: path ?? NOT_THERE, help, optional });
}

async function efiStub(): Promise<Finding> {
  const missing = await requireFile(EFI_STUB, "systemd-boot-efi").catch(asGuestkitError);
  const look = { ok: !missing, detail: missing ? NOT_THERE : EFI_STUB, help: missing?.help ?? "" };
  return finding("EFI stub", "bootstrap images that boot by UEFI", look);
}

/** What a bootstrap needs; the refusal itself says how to mend it. */
async function namespaces(): Promise<Finding> {
  const look = await openNamespace(new AbortController().signal).then(
    () => ({ ok: true, detail: "allowed", help: "" }),
    refusal,
  );
  return finding("user namespaces", "bootstrap Debian", look);
}

/** What guests run with, by trial; the trial itself may be what fails. */
async function accelerator(settings: Settings): Promise<Finding> {
  const { signal } = new AbortController();
  const look = await chooseAccelerator({ settings, signal }).then(
    ({ accelerator: name, reason, help }) => ({ ok: help === null, detail: `${name}: ${reason}`, help: help ?? "" }),
    refusal,
  );
  return finding("accelerator", "run machines at the processor's own speed", look);
}

function refusal(error: unknown): Look {
  const { message, help } = asGuestkitError(error);
  return { ok: false, detail: message, help: help ?? message };
}

/** No package of Debian 12, and of later ones in another place than PATH. */
function fileServer(): Finding {
  const path = findVirtiofsd();
  const help = "sudo apt-get install virtiofsd (Debian 13), or cargo install virtiofsd";
  return finding("virtiofsd", "share folders by virtiofs", { ok: path !== null, detail: path ?? NOT_THERE, help });
}

async function uefi(): Promise<Finding> {
  const look = await findFirmware(false, "q35").then(
    ({ code }) => ({ ok: true, detail: code, help: "" }),
    (error: unknown) => ({ ...refusal(error), detail: NOT_THERE }),
  );
  return finding("UEFI firmware", "run machines that boot by UEFI", look);
}

const QUEUE = "net.unix.max_dgram_qlen";
const LEAST_QUEUE = 100;

/** With the kernel's own 10, QEMU spins while the other end of a link is paused; systemd sets 512. */
async function datagrams(): Promise<Finding> {
  const text = await readFile(`/proc/sys/${QUEUE.replaceAll(".", "/")}`, "utf8").catch(() => null);
  const length = text === null ? LEAST_QUEUE : Number(text);
  const look = { ok: length >= LEAST_QUEUE, detail: text === null ? "not limited" : String(length) };
  return finding("link queue", "link to a paused machine without taking processor time", {
    ...look,
    help: `sudo sysctl ${QUEUE}=512`,
  });
}

/** What guests wrote since the last command on their machines, which cuts it. */
async function logs(settings: Settings): Promise<Finding> {
  const told: string[] = [];
  for (const name of await listMachines(settings)) {
    const folder = machineFolder(name, settings);
    const memory = await readMemory(folder).catch(() => null);
    if (memory) told.push(...(await overgrownLogs(folder, memory.machine)));
  }
  const detail = told.join("; ") || "within their limits";
  const help = "guestkit vm status NAME, or any other command on the machine";
  return finding("machine logs", "keep guests' output within its limits", { ok: told.length === 0, detail, help });
}

async function folder(name: string, purpose: string, path: string): Promise<Finding> {
  try {
    await makeFolder(path, 0o700);
    await access(path, constants.W_OK);
    return finding(name, purpose, { ok: true, detail: path, help: "", optional: false });
  } catch (error) {
    const help = `make it writable: ${reasonOf(error)}`;
    return finding(name, purpose, { ok: false, detail: path, help, optional: false });
  }
}
