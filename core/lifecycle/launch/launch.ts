import { mkdir, rm } from "node:fs/promises";
import { fixFormats } from "../../build/chain.ts";
import type { Context } from "../../kit/context.ts";
import { mediumOf } from "../../machine/disks/chain.ts";
import { isRecreated } from "../../machine/disks/effective.ts";
import { keepFormats } from "../../machine/disks/formats.ts";
import { diskChain, makeOwnDisks } from "../../machine/disks/own-disk.ts";
import { type MachineFolder, machineFolder, prepareSockets } from "../../machine/folder.ts";
import { linkSockets, linksOf } from "../../machine/links.ts";
import type { Machine } from "../../machine/machine.ts";
import { macsOf } from "../../machine/macs.ts";
import type { ForwardResult } from "../../machine/memory.ts";
import type { Accelerator } from "../../qemu/accelerator/verdict.ts";
import type { BlockLayer } from "../../qemu/block/blockdev.ts";
import { type Emulator, findEmulator, pinMachineType } from "../../qemu/emulator.ts";
import { type FirmwareFiles, findFirmware } from "../../qemu/firmware.ts";
import type { Helper } from "../../qemu/process/helper.ts";
import type { Launched } from "../../qemu/process/spawn.ts";
import { buildArguments } from "../arguments/build.ts";
import type { Facts, Subject } from "../arguments/facts.ts";
import { displayOf } from "../arguments/screen.ts";
import { helpersOf } from "../helpers/index.ts";
import { expectForwards, pickForwards } from "../ports/ports.ts";
import { expectScreen, type Screen, screenOf } from "../ports/screen-port.ts";
import { makeVariables, rotateLogs } from "./own-files.ts";
import { demandSpice } from "./spice.ts";

/** Everything that makes a declaration a running QEMU. */
export interface Launch extends Launched {
  readonly forwards: readonly ForwardResult[];
  /** Hardware addresses by network. */
  readonly macs: Readonly<Record<string, string>>;
  /** With its version, to be kept. */
  readonly machineType: string;
  /** Where the screen is reached; null without one. */
  readonly display: string | null;
}

export interface LaunchOptions {
  readonly accelerator: Accelerator;
  /** What an earlier start had, and this one is to have again. */
  readonly kept: { readonly machineType: string | null; readonly forwards: readonly ForwardResult[] };
}

/**
 * Makes what a start of an effective machine (machine/disks/effective.ts) needs: its own copies of disks, UEFI's
 * variables, folders, free ports, and the arguments. Run again, it makes what is missing. Throws `E_DISK_MISSING`,
 * `E_FIRMWARE_MISSING`, `E_PORT_TAKEN`, `E_TOOL_MISSING` and more.
 */
export async function prepareLaunch(
  machine: Machine,
  folder: MachineFolder,
  options: LaunchOptions,
  context: Context,
): Promise<Launch> {
  await makeOwnDisks(machine, folder, context);
  const forwards = await pickForwards(machine, options.kept.forwards);
  const screen = await screenOf(machine, folder);
  const emulator = await findEmulator(context);
  await demandSpice(machine, emulator, context);
  const facts = await findFacts(machine, folder, { ...options, emulator, forwards, screen, strict: true });
  await keepUsed(facts, folder, context);
  if (facts.firmware) await ownVariables(machine, folder, facts.firmware, context);
  if (machine.tpm) await mkdir(folder.tpm, { recursive: true, mode: 0o700 });
  await clearLinks(machine, context);
  await rotateLogs(folder, machine);
  const subject = { machine, folder, settings: context.settings, facts };
  return launchOf(subject, emulator, screen, await helpersOf(subject));
}

/** What is thrown away at every start takes what the firmware knows of it along. */
async function ownVariables(machine: Machine, folder: MachineFolder, firmware: FirmwareFiles, { settings }: Context) {
  const template = machine.template_vm === null ? null : machineFolder(machine.template_vm, settings);
  if (template && isRecreated(machine)) await rm(folder.nvram, { force: true });
  await makeVariables(folder, firmware, template);
}

/** The same without making or asking anything, and without helpers: how a machine that stands still would be started. */
export async function describeLaunch(
  machine: Machine,
  folder: MachineFolder,
  options: LaunchOptions,
  context: Context,
): Promise<Launch> {
  const forwards = expectForwards(machine, options.kept.forwards);
  const screen = expectScreen(machine, folder);
  const emulator = await findEmulator(context);
  const facts = await findFacts(machine, folder, { ...options, emulator, forwards, screen, strict: false });
  return launchOf({ machine, folder, settings: context.settings, facts }, emulator, screen, []);
}

interface Found extends LaunchOptions {
  readonly forwards: readonly ForwardResult[];
  readonly screen: Screen;
  readonly emulator: Emulator;
  /** Whether an image that is not there is a fault. */
  readonly strict: boolean;
}

async function findFacts(machine: Machine, folder: MachineFolder, found: Found): Promise<Facts> {
  return {
    accelerator: found.accelerator,
    machineType: pinMachineType(found.emulator, machine.machine, found.kept.machineType),
    firmware: await firmwareOf(machine, found.strict),
    disks: await disksOf(machine, folder, found.strict),
    cdroms: await mediaOf(machine, found.strict),
    forwards: found.forwards,
    screenPort: found.screen.port,
    screenPassword: found.screen.secret?.path ?? null,
  };
}

async function firmwareOf(machine: Machine, strict: boolean): Promise<FirmwareFiles | null> {
  if (machine.firmware !== "uefi") return null;
  const firmware = findFirmware(machine.secure_boot, machine.machine);
  return strict ? firmware : firmware.catch(() => null);
}

async function disksOf(
  machine: Machine,
  folder: MachineFolder,
  strict: boolean,
): Promise<Record<string, readonly BlockLayer[]>> {
  const chains: Record<string, readonly BlockLayer[]> = {};
  for (const [key, disk] of Object.entries(machine.disks)) {
    const chain = diskChain(key, disk, folder);
    chains[key] = strict ? await chain : await chain.catch(() => [missingImage(disk.image)]);
  }
  return chains;
}

async function mediaOf(machine: Machine, strict: boolean): Promise<Record<string, BlockLayer | null>> {
  const media: Record<string, BlockLayer | null> = {};
  for (const [key, { image }] of Object.entries(machine.cdroms)) {
    if (image === null) media[key] = null;
    else {
      const layer = mediumOf(image, ["cdroms", key, "image"]);
      media[key] = strict ? await layer : await layer.catch(() => missingImage(image));
    }
  }
  return media;
}

const missingImage = (path: string): BlockLayer => ({ path, format: "raw", isDevice: false });

/**
 * From its first use on an image is what it was then: the machine remembers that, and so does a record beside the image,
 * which outlives it.
 */
async function keepUsed(facts: Facts, folder: MachineFolder, { settings }: Context): Promise<void> {
  const used = Object.values(facts.disks).flat();
  await fixFormats(used, settings.dataDir);
  await keepFormats(folder, used);
}

/** A socket that a killed QEMU left would be in the way; the peer's stays. */
async function clearLinks(machine: Machine, { settings }: Context): Promise<void> {
  for (const [key] of linksOf(machine)) {
    const { folder, own } = linkSockets(machine, key, settings);
    await prepareSockets(folder);
    await rm(own, { force: true });
  }
}

function launchOf(subject: Subject, { program }: Emulator, { secret }: Screen, helpers: readonly Helper[]): Launch {
  const { machine, facts } = subject;
  return {
    program,
    argv: buildArguments(subject),
    helpers,
    secrets: secret ? [secret] : [],
    forwards: facts.forwards,
    macs: macsOf(machine),
    machineType: facts.machineType,
    display: displayOf(subject),
  };
}
