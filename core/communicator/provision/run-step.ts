import type { OnOutput } from "../../host/program/stream-program.ts";
import { lastLines } from "../../host/program/tail-buffer.ts";
import type { Context } from "../../kit/context.ts";
import type { MachineFolder } from "../../machine/folder.ts";
import type { Machine, ProvisionStep } from "../../machine/machine.ts";
import type { Run } from "../../machine/run.ts";
import { ConsoleLines } from "../../qemu/log/console-text.ts";
import { NO_PRIVILEGE, openWay } from "../index.ts";
import { payloadOf } from "./payload.ts";
import { redactor } from "./redact.ts";

export interface StepOptions {
  readonly folder: MachineFolder;
  readonly run: Pick<Run, "forwards">;
  readonly context: Context;
  /** What a step prints, as it comes; over the agent, when it has ended. Secrets in it are not masked. */
  readonly onOutput?: (step: string, ...output: Parameters<OnOutput>) => void;
}

export interface StepResult {
  readonly exitCode: number;
  /** The last lines of each output that said something, secrets masked. */
  readonly said: readonly string[];
  /** It did not run: the one who logs in may not become the one who is to run it. */
  readonly lacksPrivilege: boolean;
}

const TAIL = 20;

/**
 * Runs one script in the guest, and shows each line that it prints as the detail of `phase`. Its exit code is a result.
 * Throws `E_GUEST_TIMEOUT`, what the way into the guest throws, and the signal's reason; then its processes and files in
 * the guest are gone.
 */
export async function runStep(
  machine: Machine,
  step: ProvisionStep,
  phase: string,
  { folder, run, context, onOutput }: StepOptions,
): Promise<StepResult> {
  context.progress({ phase });
  const payload = await payloadOf(step);
  const redact = redactor(Object.values(step.secret_environment ?? {}));
  const lines = new ConsoleLines();
  await using way = await openWay({ machine, folder, run }, step.via, context);
  const { exitCode, stdout, stderr } = await way.run({
    script: payload.loader,
    giveUp: payload.giveUp,
    input: payload.input,
    hold: true,
    as: step.user ?? "root",
    signal: context.signal,
    timeoutMs: step.timeout * 1000,
    onOutput: (stream, chunk) => {
      onOutput?.(step.name, stream, chunk);
      const line = lines.push(chunk).findLast((each) => each !== "");
      if (line) context.progress({ phase, detail: redact(line) });
    },
  });
  const said = [stdout, stderr].map((text) => redact(lastLines(text, TAIL).join("\n")));
  return {
    exitCode,
    said: said.filter((text) => text.trim() !== ""),
    lacksPrivilege: exitCode === 125 && stderr.includes(NO_PRIVILEGE),
  };
}

export const PRIVILEGE_HELP =
  'Let that user become root without a password (cloud_init.users.NAME.sudo set to true), log in as root, or go by the agent (via set to "agent").';
