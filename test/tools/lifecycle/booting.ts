/** Micro guests that are being started, to be waited for by the lifecycle's own readiness. */
import { mkdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { asCallerPath } from "../../../core/kit/caller-path.ts";
import type { Progress } from "../../../core/kit/context.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { type Ready, waitReady } from "../../../core/lifecycle/ready/index.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { ensureKey, publicKeyOf } from "../../../core/machine/key.ts";
import type { Machine, WaitFor } from "../../../core/machine/machine.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { renderSeed, writeSeed } from "../../../core/seed/index.ts";
import { contextIn, machineOf, microBoot, networkOf, startQemu } from "../../support/machine.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { scratch } from "../../support/scratch.ts";

const guest = await microGuest();
const root = await scratch("ready");
/** Seconds: a loaded host emulates slowly. */
const LONG = 240;

const forward = (guest_port: number) => ({
  ...{ guest_port, host_port: 0, host_address: "127.0.0.1", protocol: "tcp" as const },
});
export const waitFor = (condition: WaitFor["condition"], given: Partial<WaitFor> = {}): WaitFor => ({
  ...{ condition, timeout: LONG, port: null, text: null },
  ...given,
});

export interface Booting extends AsyncDisposable {
  readonly progress: Progress[];
  readonly signal: AbortController;
  wait(...conditions: WaitFor[]): Promise<Ready>;
  kill(): void;
  /** Since the start. */
  seconds(): number;
  knownHosts(): Promise<string>;
}

let machines = 0;
/** A micro guest that is being started, with words for it on the kernel's command line. */
export async function boot(words: string, cloudInit: ValueObject | null = null): Promise<Booting> {
  const name = `m${++machines}`;
  const signal = new AbortController();
  const progress: Progress[] = [];
  const context = {
    ...contextIn(root),
    signal: signal.signal,
    progress: (event: Progress) => void progress.push(event),
  };
  const folder = machineFolder(name, context.settings);
  await prepareFolder(folder);
  await ensureKey(folder);
  const key = await publicKeyOf(folder);
  const seeded = cloudInit && (await seed(folder.seed, cloudInit, key));
  const ssh = { user: "root", port: 22, private_key: asCallerPath(guest.sshKey), network: null };
  const machine: Machine = machineOf({
    ...{ name, ...microBoot(guest, words), cloud_init: seeded, ssh },
    networks: { lan: networkOf("user", { forwards: { ssh: forward(22), dead: forward(81) } }) },
    cdroms: cloudInit ? { seed: { image: folder.seed, boot_order: null } } : {},
  });
  await mkdir(context.settings.cacheDir, { recursive: true });
  const started = await startQemu(machine, context);
  const startedAt = performance.now();
  const isAlive = () => lives(started.pid);
  return {
    progress,
    signal,
    wait: (...conditions) =>
      waitReady(machine, folder, conditions, { run: started.launch, startedAt, isAlive, context }),
    seconds: () => Math.ceil((performance.now() - startedAt) / 1000),
    kill: () => process.kill(started.pid, "SIGKILL"),
    knownHosts: () => readFile(folder.knownHosts, "utf8"),
    [Symbol.asyncDispose]: async () => {
      await started[Symbol.asyncDispose]();
      while (lives(started.pid)) await sleep(50);
    },
  };
}

async function seed(path: string, cloudInit: ValueObject, key: string): Promise<ValueObject> {
  const silent = { user_data: null, secret_user_data: null, meta_data: null, network_config: null, instance_id: null };
  const rest = {
    hostname: null,
    packages: null,
    package_update: null,
    write_files: null,
    timezone: null,
    locale: null,
  };
  const given = { ...silent, ...rest, ssh_authorized_keys: null, users: null, runcmd: null, ...cloudInit };
  await writeSeed(path, renderSeed(given, { hostname: "web", extraSshKeys: [key], loginUser: "root" }));
  return given;
}

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What a wait that fails fails with. */
export const failure = (promise: Promise<unknown>): Promise<GuestkitError> =>
  promise.then(
    () => Promise.reject(new Error("it was ready")),
    (error: unknown) => (error instanceof GuestkitError ? error : Promise.reject(error)),
  );
