import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startTime } from "../../core/host/owner.ts";
import type { Context, Settings } from "../../core/kit/context.ts";
import { type Launch, prepareLaunch } from "../../core/lifecycle/launch/launch.ts";
import { type MachineFolder, machineFolder, prepareFolder } from "../../core/machine/folder.ts";
import type { Machine, MachineDisk, Network, Share } from "../../core/machine/machine.ts";
import { spawnQemu } from "../../core/qemu/process/spawn.ts";
import type { MicroGuest } from "./micro-guest/index.ts";

const MIB = 1 << 20;

/** A declaration in canonical form: what is not given is as for a silent user, but small and without networks. */
export function machineOf(given: Partial<Machine> & { readonly name: string }): Machine {
  return {
    ...{ running: true, cpus: 1, memory: 256 * MIB, balloon: null, machine: "q35", cpu_model: "max" },
    ...{ firmware: null, secure_boot: false, kernel: null, initrd: null, cmdline: null, tpm: false },
    ...{ disks: {}, cdroms: {}, networks: {}, shares: {}, graphics: null, ssh: null, cloud_init: null },
    ...{ template_vm: null, base: null, backing_file: true, recreate_overlay: null, snapshot_mode: false },
    ...{ provision_always: false, startup_commands: [], shutdown_commands: [], upgrade_command: null },
    ...{
      provision: [],
      wait_for: null,
      on_failure: "fail",
      on_panic: "pause",
      console_log_size: 16 << 20,
      labels: {},
      extra_args: [],
    },
    ...{ autostart: false, delete_protection: false, preflight: "error", preflight_rules: {}, timeouts: null },
    ...given,
  };
}

export function diskOf(image: string, given: Partial<MachineDisk> = {}): MachineDisk {
  return {
    ...{ image, overlay: false, size: null, bus: "virtio", read_only: false, discard: "unmap", cache: "writeback" },
    ...{ format: null, allow_backing_files: false, boot_order: null, serial: null, sector_size: 512 },
    ...given,
  };
}

export function networkOf(kind: Network["kind"], given: Partial<Network> = {}): Network {
  return {
    ...{ kind, model: "virtio-net-pci", mac: null, addresses: [], forwards: {}, isolated: false, bridge: null },
    ...{ tap: null, peer: null, group: null, path: null, listen: false },
    ...given,
  };
}

export function shareOf(path: string, given: Partial<Share> = {}): Share {
  return { path, kind: "9p", mount: null, read_only: false, options: [], ownership: "squash", ...given };
}

/** The micro guest, started from memory. */
export function microBoot(guest: MicroGuest, cmdline = ""): Pick<Machine, "kernel" | "initrd" | "cmdline" | "memory"> {
  return {
    ...{ kernel: guest.kernel, initrd: guest.initrd, memory: 384 * MIB },
    cmdline: `${guest.cmdline} ${cmdline}`.trim(),
  };
}

/** A context whose folders lie below `root`. */
export function contextIn(root: string): Context {
  const settings: Settings = {
    dataDir: join(root, "data"),
    cacheDir: join(root, "cache"),
    runtimeDir: join(root, "run"),
    mirror: null,
  };
  return { settings, signal: new AbortController().signal, progress: () => {} };
}

/** A machine's QEMU; disposing kills it. */
export interface StartedMachine extends AsyncDisposable {
  readonly pid: number;
  readonly folder: MachineFolder;
  readonly launch: Launch;
}

/** Starts QEMU for a declaration, emulated, without anything of the lifecycle's. */
export async function startQemu(
  machine: Machine,
  context: Context,
  kept: Parameters<typeof prepareLaunch>[2]["kept"] = { machineType: null, forwards: [] },
): Promise<StartedMachine> {
  const folder = machineFolder(machine.name, context.settings);
  await mkdir(context.settings.cacheDir, { recursive: true });
  await prepareFolder(folder);
  const launch = await prepareLaunch(machine, folder, { accelerator: "tcg", kept }, context);
  const { pid } = await spawnQemu(launch, folder, context);
  return { pid, folder, launch, [Symbol.asyncDispose]: () => kill(pid) };
}

/** Commands of the processes of a group that have not ended: QEMU, and the helpers that were started with it. */
export async function processesOf(group: number): Promise<string[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, "latin1").catch(() => "");
      const [, , pgrp] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(pgrp) === group && startTime(Number(name)) !== null ? [/\((.*)\)/.exec(stat)?.[1] ?? ""] : [];
    }),
  );
  return found.flat();
}

async function kill(pid: number): Promise<void> {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
  while ((await processesOf(pid)).length > 0) await sleep(10);
}
