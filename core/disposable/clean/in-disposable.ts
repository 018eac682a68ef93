import { execInGuest } from "../../communicator/index.ts";
import type { Context } from "../../kit/context.ts";
import { GuestkitError } from "../../kit/errors.ts";
import type { Machine, MachineDisk, Share } from "../../machine/machine.ts";
import { withDisposable } from "../index.ts";

/** What the machine gets beside what its base has. */
export interface Additions {
  readonly disks: Readonly<Record<string, MachineDisk>>;
  readonly shares: Readonly<Record<string, Share>>;
  /** Bytes of the largest file on the host that it may write to. */
  readonly largestFile: number;
}

export interface Command {
  /** For a POSIX shell, as root. */
  readonly script: string;
  readonly timeoutMs: number;
}

export interface Ended {
  readonly exitCode: number;
  readonly stderr: string;
}

/** What its own disks may take beside the result: programs unpack things. */
const SCRATCH = 6 * 2 ** 30;

/** Runs one command in a machine made from `base` that has no network device, and is gone afterwards. */
export async function inDisposable(
  base: string,
  { disks, shares, largestFile }: Additions,
  command: Command,
  context: Context,
): Promise<Ended> {
  const wishes = { base, network: false, quotaBytes: largestFile + SCRATCH, disks, shares };
  return await withDisposable(wishes, context, async ({ machine, folder, run, context: limited }) => {
    demandNoNetwork(machine, run.argv);
    limited.progress({ phase: "working in the guest" });
    return await execInGuest(machine, folder, run, { ...command, via: "agent", root: true }, limited);
  });
}

const NETWORK = ["-netdev", "-nic", "-net"];

/** The whole point of it: looked at once more in what QEMU really was started with. */
function demandNoNetwork({ name }: Machine, argv: readonly string[]): void {
  if (argv.includes("-nodefaults") && !argv.some((each) => NETWORK.includes(each))) return;
  throw new GuestkitError("E_CLEAN_NETWORK", `Cannot put files through "${name}": it has a network device`);
}
