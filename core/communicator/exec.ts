import type { Readable } from "node:stream";
import type { OnOutput } from "../host/program/stream-program.ts";
import type { Context } from "../kit/context.ts";
import { shellJoin } from "../kit/shell.ts";
import type { MachineFolder } from "../machine/folder.ts";
import type { Machine } from "../machine/machine.ts";
import type { Run } from "../machine/run.ts";
import { openWay, type Via } from "./way/open-way.ts";
import type { GuestResult } from "./way/way.ts";

/** What is to run: words as they are, or a script of a POSIX shell. Arguments are no place for secrets; input is. */
export type GuestCommand = { readonly argv: readonly string[] } | { readonly script: string };

export interface ExecOptions {
  /** SSH, the agent, or what works (the default), SSH first. */
  readonly via?: Via;
  /** As whom; whoever the way logs in as where left out. */
  readonly user?: string;
  /** As root. */
  readonly root?: boolean;
  readonly input?: string | Uint8Array | Readable;
  /** Both outputs as they come; over the agent, when the command has ended. */
  readonly onOutput?: OnOutput;
  /** Standard input and outputs are this process's own (SSH alone). */
  readonly inherit?: boolean;
  /** The command gets a terminal (SSH alone). */
  readonly tty?: boolean;
  readonly timeoutMs?: number;
}

/**
 * Runs a command in a running guest. Its exit code is a result, whatever it is (126, 127 and 128 + signal as in a shell).
 * Throws where it could not be run or did not end: `E_GUEST_NO_WAY`, `E_SSH_...`, `E_AGENT_...`, `E_GUEST_TIMEOUT`.
 */
export async function execInGuest(
  machine: Machine,
  folder: MachineFolder,
  run: Pick<Run, "forwards">,
  command: GuestCommand & ExecOptions,
  context: Context,
): Promise<GuestResult> {
  const { via = "auto", user, root = false, ...options } = command;
  const script = "argv" in command ? shellJoin(command.argv) : command.script;
  await using way = await openWay({ machine, folder, run }, via, context);
  const as = user ?? (root ? "root" : null);
  return await way.run({ ...options, script: () => script, as, signal: context.signal });
}
