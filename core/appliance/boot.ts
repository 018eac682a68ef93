import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Owner } from "../host/owner.ts";
import type { Context } from "../kit/context.ts";
import { chooseAccelerator } from "../qemu/accelerator/index.ts";
import { findEmulator } from "../qemu/emulator.ts";
import { spawnQemu } from "../qemu/process/spawn.ts";
import type { Built } from "./build.ts";
import { JOB_PORT, LIVE_PORT } from "./guest.ts";
import type { AppliancePlace } from "./place.ts";

export interface BootOptions {
  /** MiB. */
  readonly memory: number;
  /** Whether its jobs reach the host's network (as an ordinary user's program does). */
  readonly network: boolean;
}

/** A started appliance: its process, and the two lines to its init. */
export interface Booted {
  readonly qemu: Owner;
  readonly job: Socket;
  readonly live: Socket;
}

/**
 * What a boot takes is what the kernel looks for and what it waits for: none of this is there. `panic=-1` restarts at
 * once, which ends QEMU.
 */
const CMDLINE =
  "console=ttyS0 quiet loglevel=4 panic=-1 reboot=t nokaslr mitigations=off cryptomgr.notests no_timer_check " +
  "tsc=reliable audit=0 8250.nr_uarts=1 random.trust_cpu=on";
/** It writes no file but its console's and those of disks, which a job's own limits bound. */
const FILE_LIMIT = Number.MAX_SAFE_INTEGER;

/** Starts it: it dies with this process. Throws what `spawnQemu` and `chooseAccelerator` throw. */
export async function bootAppliance(
  built: Built,
  place: AppliancePlace,
  options: BootOptions,
  context: Context,
): Promise<Booted> {
  context.progress({ phase: "starting the appliance" });
  const { accelerator } = await chooseAccelerator({ settings: context.settings, signal: context.signal });
  const { program } = await findEmulator(context);
  const argv = argumentsOf(built, place, options, accelerator);
  const leash = { fileLimit: FILE_LIMIT, tied: true };
  const qemu = await spawnQemu({ program, argv, helpers: [], secrets: [] }, place, context, { leash });
  const [job, live] = await Promise.all([open(place.socket("job")), open(place.socket("live"))]);
  return { qemu, job, live };
}

async function open(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, "connect");
  return socket;
}

function argumentsOf(
  { kernel, initrd }: Built,
  place: AppliancePlace,
  { memory, network }: BootOptions,
  accelerator: string,
): string[] {
  const server = (name: string) => `path=${place.socket(name).replaceAll(",", ",,")},server=on,wait=off`;
  const chardev = (name: string) => ["-chardev", `socket,id=${name},${server(name)}`];
  const port = (name: string, id: string) => ["-device", `virtserialport,bus=ports.0,chardev=${id},name=${name}`];
  const monitor = (name: string) => [...chardev(name), "-mon", `chardev=${name},mode=control`];
  return [
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"],
    // No firmware's timers, no bus that nothing hangs on: each costs the boot.
    ...["-machine", "pc,usb=off,hpet=off,vmport=off", "-accel", accelerator, "-m", String(memory), "-smp", "1"],
    ...["-cpu", accelerator === "tcg" ? "max" : "host"],
    ...["-kernel", kernel, "-initrd", initrd, "-append", CMDLINE],
    ...["-chardev", `file,id=console,path=${place.console.replaceAll(",", ",,")}`, "-serial", "chardev:console"],
    ...monitor("qmp"),
    ...monitor("qmp2"),
    ...["-device", "virtio-rng-pci"],
    ...["-device", "virtio-serial-pci,id=ports", ...chardev("job"), ...chardev("live")],
    ...port(JOB_PORT, "job"),
    ...port(LIVE_PORT, "live"),
    ...(network ? ["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile="] : []),
  ];
}
