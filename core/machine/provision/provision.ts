import type { Context } from "../../kit/context.ts";
import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import { ConsoleLines } from "../console-text.ts";
import type { MachineFolder } from "../folder.ts";
import type { GuestResult } from "../guest/index.ts";
import { NO_PRIVILEGE, openWay } from "../guest/index.ts";
import type { Machine, ProvisionStep } from "../machine.ts";
import type { Run } from "../run.ts";
import type { OnOutput } from "../stream-program.ts";
import { lastLines } from "../tail-buffer.ts";
import { payloadOf } from "./payload.ts";
import { redactor } from "./redact.ts";

export interface ProvisionOptions {
  readonly folder: MachineFolder;
  readonly run: Pick<Run, "forwards">;
  readonly context: Context;
  /** What a step prints, as it comes; over the agent, when it has ended. Secrets in it are not masked. */
  readonly onOutput?: (step: string, ...output: Parameters<OnOutput>) => void;
  /** A step is done: what is remembered here is not done again after a later one has failed. */
  readonly onDone?: (step: string) => Promise<void>;
}

const TAIL = 20;

/**
 * Runs steps in the guest, one after the other. Gives the names of those done: all of them. Throws
 * `E_PROVISION_FAILED` with the end of what the step printed, `E_PROVISION_SECRETS`, what the way into the guest throws,
 * and the signal's reason; then the step's processes and files in the guest are gone.
 */
export async function provision(
  machine: Machine,
  steps: readonly ProvisionStep[],
  options: ProvisionOptions,
): Promise<readonly string[]> {
  for (const step of steps) demandSecrets(machine, step);
  for (const step of steps) {
    await runStep(machine, step, options);
    await options.onDone?.(step.name);
  }
  return steps.map(({ name }) => name);
}

/** A record keeps that there are secrets, and not which. */
function demandSecrets({ name }: Machine, step: ProvisionStep): void {
  const version = "secret_environment_version" in step ? step.secret_environment_version : null;
  if (step.secret_environment !== null || version === null || version === undefined) return;
  throw new GuestkitError("E_PROVISION_SECRETS", `Cannot provision "${name}": step "${step.name}" needs its secrets`, {
    help: "They are known in an apply alone: apply the declaration (terraform apply, guestkit apply, ...).",
  });
}

async function runStep(machine: Machine, step: ProvisionStep, options: ProvisionOptions): Promise<void> {
  const { context, folder, run, onOutput } = options;
  const phase = `provisioning: ${step.name}`;
  context.progress({ phase });
  const payload = await payloadOf(step);
  const redact = redactor(Object.values(step.secret_environment ?? {}));
  const lines = new ConsoleLines();
  await using way = await openWay({ machine, folder, run }, step.via, context);
  const result = await way
    .run({
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
    })
    .catch((error) => {
      throw asGuestkitError(error).code === "E_GUEST_TIMEOUT" ? tooLate(machine, step, error) : error;
    });
  if (result.exitCode !== 0) throw failed(machine, step, result, redact);
}

function failed(
  { name }: Machine,
  step: ProvisionStep,
  { exitCode, stdout, stderr }: GuestResult,
  redact: (text: string) => string,
): GuestkitError {
  const said = [stdout, stderr].map((text) => lastLines(text, TAIL).join("\n")).filter((text) => text.trim() !== "");
  const privilege = exitCode === 125 && stderr.includes(NO_PRIVILEGE);
  const message = `Cannot provision "${name}": step "${step.name}" failed with exit code ${exitCode}`;
  return new GuestkitError("E_PROVISION_FAILED", redact([message, ...said].join("\n")), {
    at: { field: ["provision", step.name] },
    help: privilege
      ? 'Let that user become root without a password (cloud_init.users.NAME.sudo = true), log in as root, or go by the agent (via = "agent").'
      : `Mend the step, or look inside (guestkit vm ssh ${name}), then apply again: it runs anew, those before it do not.`,
  });
}

function tooLate({ name }: Machine, step: ProvisionStep, cause: unknown): GuestkitError {
  const message = `Cannot provision "${name}": step "${step.name}" took longer than ${step.timeout} s`;
  return new GuestkitError("E_PROVISION_FAILED", message, {
    cause,
    at: { field: ["provision", step.name] },
    help: "Give it a longer timeout, or see what it waits for: guestkit vm console, guestkit vm ssh.",
  });
}
