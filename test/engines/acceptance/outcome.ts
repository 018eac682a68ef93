import { expect } from "vitest";
import type { Action, Outcome } from "./driver.ts";

export function succeeds(outcome: Outcome, action: Action): Outcome {
  expect(outcome, outcome.text).toMatchObject({ ok: true, action });
  return outcome;
}

export function refused(outcome: Outcome, naming: string): Outcome {
  expect(outcome, outcome.text).toMatchObject({ ok: false });
  return says(outcome, naming);
}

/** Terminals wrap long lines: white space does not count. */
export function says(outcome: Outcome, naming: string): Outcome {
  expect(outcome.text.replace(/[\s│╷╵]+/g, "")).toContain(naming.replace(/\s+/g, ""));
  return outcome;
}
