import { sshCommand, sshTarget } from "../communicator/ssh/index.ts";
import type { MachineFolder } from "../machine/folder.ts";
import { type ForwardResult, type MachineMemory, withWayIn } from "../machine/memory.ts";
import type { Run } from "../machine/run.ts";
import type { Look } from "./look/look.ts";

/** How a machine is reached as it was found, or would be once it runs again. Ports are the host's. */
export interface Ways {
  /** The start that runs; null where none does. */
  readonly running: Run | null;
  readonly pid: number | null;
  readonly accelerator: string | null;
  readonly forwards: readonly (ForwardResult & { readonly [name: string]: string | number })[];
  readonly ssh_host: string | null;
  readonly ssh_port: number | null;
  readonly ssh_user: string | null;
  readonly ssh_key_file: string | null;
  readonly ssh_known_hosts: string | null;
  /** Whoever asks from another machine is led by a file (remote/way-in). */
  readonly ssh_config: null;
  readonly ssh_command: string | null;
}

export function waysOf(
  memory: Pick<MachineMemory, "machine" | "details">,
  folder: MachineFolder,
  { status, run }: Look,
): Ways {
  const running = runningOf({ status, run });
  const forwards = forwardsOf(memory, { status, run });
  const target = sshTarget(withWayIn(memory, folder), folder, { forwards });
  return {
    running,
    pid: running?.qemu?.pid ?? null,
    accelerator: running?.accelerator ?? null,
    forwards: forwards.map((each) => ({ ...each })),
    ssh_host: target?.host ?? null,
    ssh_port: target?.port ?? null,
    ssh_user: target?.user ?? null,
    ssh_key_file: target?.keyFile ?? null,
    ssh_known_hosts: target?.knownHostsFile ?? null,
    ssh_config: null,
    ssh_command: target && sshCommand(target),
  };
}

const runningOf = ({ status, run }: Pick<Look, "status" | "run">): Run | null =>
  status === "stopped" || status === "crashed" ? null : run;

/** Those of the start that runs, else those of the last one. */
export const forwardsOf = (
  { details }: Pick<MachineMemory, "details">,
  seen: Pick<Look, "status" | "run">,
): MachineMemory["details"]["forwards"] => runningOf(seen)?.forwards ?? details.forwards;
