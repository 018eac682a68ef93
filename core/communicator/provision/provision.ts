import { asGuestkitError, GuestkitError } from "../../kit/errors.ts";
import type { Machine, ProvisionStep } from "../../machine/machine.ts";
import { PRIVILEGE_HELP, runStep, type StepOptions, type StepResult } from "./run-step.ts";

export interface ProvisionOptions extends StepOptions {
  /** A step is done: what is remembered here is not done again after a later one has failed. */
  readonly onDone?: (step: string) => Promise<void>;
}

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
  demandSecrets(machine, steps);
  for (const step of steps) {
    await provisionStep(machine, step, options);
    await options.onDone?.(step.name);
  }
  return steps.map(({ name }) => name);
}

/** A record keeps that there are secrets, and not which. Throws `E_PROVISION_SECRETS`. */
export function demandSecrets({ name }: Machine, steps: readonly ProvisionStep[]): void {
  const lacking = steps.find(lacksSecrets);
  if (!lacking) return;
  throw new GuestkitError(
    "E_PROVISION_SECRETS",
    `Cannot provision "${name}": step "${lacking.name}" needs its secrets`,
    {
      help: "They are known in an apply alone: apply the declaration (terraform apply, guestkit apply, ...).",
    },
  );
}

function lacksSecrets(step: ProvisionStep): boolean {
  const version = "secret_environment_version" in step ? step.secret_environment_version : null;
  return step.secret_environment === null && version !== null && version !== undefined;
}

async function provisionStep(machine: Machine, step: ProvisionStep, options: ProvisionOptions): Promise<void> {
  const result = await runStep(machine, step, `provisioning: ${step.name}`, options).catch((error) => {
    throw asGuestkitError(error).code === "E_GUEST_TIMEOUT" ? tooLate(machine, step, error) : error;
  });
  if (result.exitCode !== 0) throw failed(machine, step, result);
}

function failed({ name }: Machine, step: ProvisionStep, { exitCode, said, lacksPrivilege }: StepResult): GuestkitError {
  const message = `Cannot provision "${name}": step "${step.name}" failed with exit code ${exitCode}`;
  return new GuestkitError("E_PROVISION_FAILED", [message, ...said].join("\n"), {
    at: { field: ["provision", step.name] },
    help: lacksPrivilege
      ? PRIVILEGE_HELP
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
