import { findTool } from "../../host/program/process.ts";
import type { Settings } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import { log } from "../../kit/log.ts";
import { findObstacle } from "./device.ts";
import { type ProbeOptions, probe } from "./probe.ts";
import type { Accelerator, Verdict } from "./verdict.ts";
import { keepVerdict, readVerdict, verdictFile } from "./verdict-cache.ts";

export interface AcceleratorOptions {
  readonly settings: Pick<Settings, "cacheDir">;
  readonly signal: AbortSignal;
  /** qemu-system-x86_64 of the search path where left out. */
  readonly qemu?: string;
  /** `GUESTKIT_ACCEL` is looked for here: kvm, hvf, tcg or auto. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly host?: HostKind;
  /** What the proof may take. */
  readonly limitMs?: number;
}

/** What of the host decides; another one in tests. */
export interface HostKind {
  readonly platform: string;
  readonly architecture: string;
  readonly device: string;
}

const THIS_HOST: HostKind = { platform: process.platform, architecture: process.arch, device: "/dev/kvm" };
const NAMES: readonly string[] = ["kvm", "hvf", "tcg", "auto"];
const NESTED =
  "Where this host is a virtual machine, have nested virtualization switched on; until then guests run some 10 times slower.";
const BUSY = "This host is too busy to tell: it is tried again the next time. GUESTKIT_ACCEL=kvm skips the trial.";

/**
 * What to run an x86-64 guest with. `GUESTKIT_ACCEL` decides where it is set; otherwise the host's accelerator does if
 * guest code is proved to run with it. The proof is made once a boot and QEMU binary, and kept in the cache folder.
 * Throws `E_ACCELERATOR` (a setting that cannot be followed), `E_TOOL_MISSING`, the signal's reason.
 */
export async function chooseAccelerator(options: AcceleratorOptions): Promise<Verdict> {
  const { env = process.env, host = THIS_HOST } = options;
  const wanted = env.GUESTKIT_ACCEL || "auto";
  if (!NAMES.includes(wanted)) throw unknownName(wanted);
  if (wanted !== "auto") return await obey(wanted as Accelerator, host);
  return (await emulationOnly(host)) ?? (await proved(options, host));
}

async function obey(accelerator: Accelerator, host: HostKind): Promise<Verdict> {
  const obstacle = accelerator === "kvm" ? await findObstacle(host.device) : null;
  if (!obstacle) return { accelerator, reason: `GUESTKIT_ACCEL is ${accelerator}`, help: null };
  throw new GuestkitError("E_ACCELERATOR", `Cannot use kvm as GUESTKIT_ACCEL says: ${obstacle.reason}`, {
    help: `${obstacle.help} Or unset GUESTKIT_ACCEL.`,
  });
}

/** The verdict where a look is enough: no accelerator could be of use, or its device does not open. */
async function emulationOnly({ platform, architecture, device }: HostKind): Promise<Verdict | null> {
  if (architecture !== "x64") return emulated(`an ${architecture} processor does not run x86-64 guests`, null);
  if (platform === "darwin") return null;
  if (platform !== "linux") return emulated(`guestkit knows no accelerator of ${platform}`, null);
  const obstacle = await findObstacle(device);
  return obstacle && emulated(obstacle.reason, obstacle.help);
}

async function proved(options: AcceleratorOptions, host: HostKind): Promise<Verdict> {
  const qemu = options.qemu ?? findTool("qemu-system-x86_64");
  const file = await verdictFile(options.settings.cacheDir, qemu);
  const known = file && (await readVerdict(file));
  if (known) return known;
  const { verdict, lasting } = await judge(host.platform === "darwin" ? "hvf" : "kvm", { ...options, qemu });
  log("info", "probed the accelerator", { qemu, ...verdict });
  if (file && lasting) await keepVerdict(file, verdict);
  return verdict;
}

/** @returns lasting: that it was too slow counts only where TCG, the slower one, was in time at that moment */
async function judge(accelerator: Accelerator, options: ProbeOptions): Promise<{ verdict: Verdict; lasting: boolean }> {
  const { runs, late, reason } = await probe(accelerator, options);
  if (runs)
    return { verdict: { accelerator, reason: "guest code was proved to run with it", help: null }, lasting: true };
  const lasting = !late || (await probe("tcg", options)).runs;
  return { verdict: emulated(reason, lasting ? NESTED : BUSY), lasting };
}

function emulated(reason: string, help: string | null): Verdict {
  return { accelerator: "tcg", reason, help };
}

function unknownName(wanted: string): GuestkitError {
  return new GuestkitError("E_ACCELERATOR", `Cannot use GUESTKIT_ACCEL: there is no accelerator "${wanted}"`, {
    help: "Set it to kvm, hvf, tcg or auto.",
  });
}
