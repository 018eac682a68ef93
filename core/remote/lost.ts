import { withoutUnknown } from "../engine/adopt.ts";
import { ApplyError, type State } from "../engine/apply-error.ts";
import { hasErrors } from "../engine/diagnostic.ts";
import type { Prepared } from "../engine/engine-face.ts";
import type { Plan } from "../engine/plan.ts";
import { asGuestkitError, GuestkitError } from "../kit/errors.ts";
import type { Value } from "../model/value.ts";
import { Breach } from "../rpc/client.ts";
import { FailedAnswer } from "../rpc/protocol.ts";

const isLost = (error: unknown): boolean => error instanceof GuestkitError && error.code === "E_HOST_LOST";

/** Whether it was the line: a host that asked for what it may not have is not gone back to. */
export const isCut = (error: unknown): boolean =>
  error instanceof GuestkitError && isLost(error) && !(error.cause instanceof Breach);

/** With what really exists. Of one that was to be made, and of which no more is heard, it is taken to be there. */
export async function asApplyError(
  error: unknown,
  { action, planned }: Plan,
  stateIn: (state: Value | undefined) => Promise<State | null>,
): Promise<unknown> {
  if (error instanceof FailedAnswer && error.report.state !== undefined) {
    return new ApplyError(error, await stateIn(error.report.state));
  }
  const isUnheard = error instanceof Breach || isLost(error);
  if (!isUnheard || action !== "create" || !planned) return error;
  // What nobody has told yet counts as nothing.
  return new ApplyError(asGuestkitError(error), withoutUnknown(planned) as State);
}

/** What is done once more with a thing. */
export interface Again {
  readonly prepare: () => Promise<Prepared>;
  readonly carryOut: (plan: Plan) => Promise<State | null>;
}

/**
 * Goes there once more for what was to be made when the line was cut: it may be made by now, it may be being made, which its
 * lock is waited for, or nobody began. A face that is told of a failure would make it a second time. Half made, it looks as
 * if it were to be mended; made between two looks of one plan, as if it were in its own way: what is so shows under its lock.
 */
export async function finish(lost: unknown, { prepare, carryOut }: Again): Promise<State | null> {
  const look = async () => {
    const { plan, prior } = await prepare();
    return { plan, prior, isMade: plan.action === "none" && prior !== null };
  };
  const found = await look().catch(() => null);
  if (found?.isMade) return found.prior;
  const isDue = found?.plan.action === "create" || found?.plan.action === "update";
  if (!isDue || (found.plan.action === "update" && hasErrors(found.plan.diagnostics))) throw lost;
  try {
    return await carryOut(found.plan);
  } catch (error) {
    const made = await look().catch(() => null);
    if (made?.isMade) return made.prior;
    // It is there by now, whatever became of mending it.
    throw error instanceof ApplyError ? error : lost;
  }
}
