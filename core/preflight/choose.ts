import type { Context } from "../kit/context.ts";
import { effectiveMachine } from "../machine/disks/effective.ts";
import { type Machine, networksOf, type Share, type WaitFor } from "../machine/machine.ts";
import { chooseFirmware } from "./choose-firmware.ts";
import type { ImageFacts, KernelFacts, SystemFacts } from "./facts/facts.ts";
import { SHARE_DRIVERS } from "./facts/facts.ts";
import { loginRefusal, portRefusal } from "./login.ts";
import { absent } from "./rules/drivers.ts";
import { cloudInitRuns } from "./rules/first-boot.ts";
import { chooseSshUser } from "./ssh-user.ts";
import { makeSubject, type Subject } from "./subject.ts";
import { lookAround } from "./world.ts";

export { chooseFirmware, chooseSshUser };

/** Seconds, as the contract's own default. */
const TIMEOUT = 600;

/** The declaration with what the user left open chosen by what the images tell: firmware, shares, readiness, user. */
export async function chooseFor(machine: Machine, context: Context): Promise<Machine> {
  const effective = await effectiveMachine(machine, context.settings);
  const world = await lookAround(effective, context, { declared: () => null, bases: true });
  const subject = makeSubject(effective, world);
  const facts = subject.boot?.facts ?? null;
  const { system, seed } = subject;
  const hostCan = await shareKinds();
  const chosen = {
    ...machine,
    firmware: machine.firmware ?? (machine.kernel !== null ? "bios" : (effective.firmware ?? wanted(machine, facts))),
    shares: Object.fromEntries(
      Object.entries(machine.shares).map(([name, share]): [string, Share] => [
        name,
        { ...share, kind: share.kind ?? chooseShareKind(system, hostCan), mount: share.mount ?? chooseMount(name) },
      ]),
    ),
  };
  const user = chooseSshUser(machine, system, seed?.fields ?? null);
  const ssh = machine.ssh === null || machine.ssh.user !== null ? machine.ssh : { ...machine.ssh, user };
  const whole = { ...chosen, disks: effective.disks };
  // What does not run is waited for when it does: chosen at its start, by what there is then.
  const readiness = machine.running ? chooseReadiness(makeSubject(whole, world)) : null;
  return { ...chosen, ssh, wait_for: machine.wait_for ?? readiness };
}

/** Secure boot is UEFI's. */
function wanted({ secure_boot }: Machine, facts: ImageFacts | null): "bios" | "uefi" {
  return secure_boot ? "uefi" : chooseFirmware(facts);
}

/**
 * The most that the image can tell: cloud-init where it is declared and runs, else a login where one is possible, else
 * the agent, else nothing.
 */
export function chooseReadiness(subject: Subject): readonly WaitFor[] {
  const { system, seed } = subject;
  const wait = (condition: WaitFor["condition"]) => [{ condition, timeout: TIMEOUT, port: null, text: null }];
  const talks = canLogIn(subject) || hasAgent(system);
  if (seed && cloudInitRuns(subject) === true && talks) return wait("cloud_init");
  if (canLogIn(subject)) return wait("ssh");
  return hasAgent(system) ? wait("agent") : [];
}

function hasAgent(system: SystemFacts | null): boolean {
  return system?.agent?.installed === true && (system.agent.enabled || !system.systemd);
}

/** A server that starts, with host keys or a way to them, a port that is reached, and a user whom a key lets in. */
function canLogIn(subject: Subject): boolean {
  const { machine, system, seed, publicKey } = subject;
  const ssh = system?.ssh;
  if (!ssh || ssh.program === null || ssh.enabled === false || !reached(machine)) return false;
  const runs = cloudInitRuns(subject) === true;
  if (ssh.hostKeys.length === 0 && ssh.keyMaker === null && !runs && system.systemd) return false;
  const user = chooseSshUser(machine, system, seed?.fields ?? null);
  if (user === null || loginRefusal(subject) || portRefusal(subject, "any")) return false;
  return runs || (publicKey !== null && (ssh.authorizedKeys[user] ?? []).includes(publicKey));
}

function reached(machine: Machine): boolean {
  const networks = Object.values(networksOf(machine));
  const port = machine.ssh?.port ?? 22;
  return networks.some(({ forwards }) => Object.values(forwards).some(({ guest_port }) => guest_port === port));
}

/** What both sides can; 9p, which needs nothing on the host, where the guest's kernel is not known. */
export function chooseShareKind(
  system: SystemFacts | null,
  hostCan: readonly NonNullable<Share["kind"]>[],
): NonNullable<Share["kind"]> {
  const kernels = (system?.kernels ?? []).filter(({ bootable }) => bootable);
  const guestCan = hostCan.filter((kind) => kernels.length === 0 || kernels.some((kernel) => mounts(kernel, kind)));
  return guestCan[0] ?? hostCan[0] ?? "9p";
}

function mounts(kernel: KernelFacts, kind: NonNullable<Share["kind"]>): boolean {
  const lacks = absent(kernel, SHARE_DRIVERS[kind] ?? []);
  return lacks === null || lacks.length === 0;
}

/** 9p is QEMU's own; virtiofs needs its server. */
async function shareKinds(): Promise<readonly NonNullable<Share["kind"]>[]> {
  const { findVirtiofsd } = await import("../share/virtiofs.ts");
  return findVirtiofsd() === null ? ["9p"] : ["9p", "virtiofs"];
}

/** Where a share is mounted. */
export function chooseMount(name: string): string {
  return `/mnt/${name}`;
}
