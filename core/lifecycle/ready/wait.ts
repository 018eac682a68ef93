import { setTimeout as sleep } from "node:timers/promises";
import { openWay } from "../../communicator/index.ts";
import {
  firstLogin,
  HOST_KEYS,
  isPinned,
  parseKeys,
  pin,
  readPins,
  type SshTarget,
  sshTarget,
} from "../../communicator/ssh/index.ts";
import type { Context } from "../../kit/context.ts";
import { timerMs } from "../../kit/timer.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine, WaitFor } from "../../machine/machine.ts";
import type { Run } from "../../machine/run.ts";
import { agentAddresses, declaredAddresses } from "./addresses.ts";
import type { BootStep } from "./boot-progress.ts";
import { BootWatch } from "./boot-watch.ts";
import { tellDropped } from "./condition/cloud-init.ts";
import type { Scene } from "./condition/condition.ts";
import { CONDITIONS } from "./condition/table.ts";
import { endError, lateError } from "./not-ready.ts";

export interface ReadyOptions {
  readonly run: Pick<Run, "forwards">;
  /** When QEMU was started, by `performance.now()`: limits count from there. */
  readonly startedAt: number;
  /** Whether QEMU runs still. */
  readonly isAlive: () => boolean;
  readonly context: Context;
}

export interface Ready {
  /** `ssh-ed25519 AAAA...`; empty where nobody has logged in. */
  readonly hostKeys: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Waits until all conditions hold, one after the other. Ends at once when QEMU dies, the guest's kernel panics, QEMU
 * stops the guest, or the boot comes to a dead end. Throws `E_MACHINE_NOT_READY`, `E_MACHINE_DIED`, `E_GUEST_PANIC`
 * (each with the end of the console), `E_CLOUD_INIT_FAILED`, `E_CLOUD_INIT_OFF`, `E_CLOUD_INIT_SEED`, `E_GUEST_NO_WAY`,
 * `E_SSH_HOST_KEY`, and the signal's reason.
 */
export async function waitReady(
  machine: Machine,
  folder: MachineFolder,
  conditions: readonly WaitFor[],
  options: ReadyOptions,
): Promise<Ready> {
  const { context, isAlive, run } = options;
  const progress = new WaitProgress(context);
  await using watch = new BootWatch(folder, {
    isAlive,
    context,
    limits: machine,
    onStep: (step) => progress.step(step),
  });
  const firstStart = !(await isPinned(folder.knownHosts));
  const scene: Scene = { machine, folder, run, context, firstStart, agentAnswered: false, console: () => watch.lines };
  for (const wait of conditions) {
    progress.waitFor(CONDITIONS[wait.condition].what(wait));
    await untilHolds(scene, wait, watch, options);
  }
  const waitedFor = (wanted: WaitFor["condition"]) => conditions.some(({ condition }) => condition === wanted);
  if (waitedFor("cloud_init")) await pinHostKeys(scene);
  else if (firstStart && machine.cloud_init && (waitedFor("ssh") || waitedFor("agent"))) await tellDropped(scene);
  return await known(scene);
}

/** Addresses that are remembered: a guest may tell any number. */
const KEPT = 64;
/** How long the logins may take that only bring the host keys, each, and from the first one's start to the last one's (ms). */
const PINNING = 20_000;
const TRYING = 15_000;
/** Between two of them (ms). */
const PAUSE = 500;

/**
 * cloud-init may have been followed through the agent: then nobody has logged in yet, and the host keys are not known. The
 * agent tells them where they lie as OpenSSH's do; else a login does, for which the server may be starting anew after its
 * keys were made. A guest without an SSH server is ready all the same.
 */
async function pinHostKeys(scene: Scene): Promise<void> {
  const { machine, folder, run } = scene;
  const target = (await isPinned(folder.knownHosts)) ? null : sshTarget(machine, folder, run);
  if (!target || (await pinByAgent(target, scene))) return;
  const end = performance.now() + TRYING;
  while (!(await pinByLogin(target, scene)) && performance.now() < end) {
    await sleep(PAUSE, undefined, { signal: scene.context.signal });
  }
}

async function pinByAgent(target: SshTarget, { machine, folder, run, context }: Scene): Promise<boolean> {
  const { signal } = context;
  try {
    await using way = await openWay({ machine, folder, run }, "agent", context);
    const { stdout } = await way.run({ script: () => HOST_KEYS, signal, timeoutMs: PINNING });
    await pin(target, parseKeys(stdout));
    return await isPinned(folder.knownHosts);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function pinByLogin(target: SshTarget, { context: { signal } }: Scene): Promise<boolean> {
  try {
    await firstLogin(target, { timeoutMs: PINNING, signal });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function untilHolds(scene: Scene, wait: WaitFor, watch: BootWatch, { startedAt }: ReadyOptions): Promise<void> {
  const condition = CONDITIONS[wait.condition];
  const { context, machine, folder } = scene;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timerMs(startedAt + wait.timeout * 1000 - performance.now()));
  const signal = AbortSignal.any([context.signal, watch.signal, late.signal]);
  let seen = "";
  try {
    for (;;) {
      const look = await condition.look(scene, wait, signal);
      if (look.ready) return;
      seen = look.seen;
      await sleep(condition.pause, undefined, { signal });
    }
  } catch (error) {
    context.signal.throwIfAborted();
    if (watch.end) throw await endError(machine, folder, watch, watch.end, condition.what(wait));
    if (!late.signal.aborted) throw error;
    throw lateError(machine, watch, `${condition.missed(wait)} within ${wait.timeout} s`, seen);
  } finally {
    clearTimeout(timer);
  }
}

async function known({ machine, folder, context, agentAnswered }: Scene): Promise<Ready> {
  const told = agentAnswered ? await agentAddresses(folder, context) : null;
  return {
    hostKeys: await readPins({ knownHostsFile: folder.knownHosts }),
    addresses: (told ?? declaredAddresses(machine)).slice(0, KEPT),
  };
}

/** `kernel Linux version 6.1.0 (waiting for SSH)` */
class WaitProgress {
  readonly #context: Context;
  #step: BootStep = { phase: "firmware", detail: "" };
  #what = "";

  constructor(context: Context) {
    this.#context = context;
  }

  step(step: BootStep): void {
    this.#step = step;
    this.#show();
  }

  waitFor(what: string): void {
    this.#what = what;
    this.#show();
  }

  #show(): void {
    const { phase, detail } = this.#step;
    const parts = [detail, this.#what === "nothing" ? "" : `(waiting for ${this.#what})`].filter(Boolean);
    this.#context.progress({ phase, detail: parts.join(" ") });
  }
}
