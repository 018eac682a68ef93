import { findEngine } from "./engines.ts";

const SLOW = process.env.GUESTKIT_SLOW === "1";

/**
 * Whether a long scenario of an engine belongs to this run. OpenTofu tells what Terraform tells: where both are there, its
 * long ones are left to the slow run.
 */
export const belongsHere = (engine: string): boolean =>
  (engine === "tofu" && findEngine("terraform") !== null) === SLOW;
