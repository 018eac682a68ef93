import { findEngine } from "./engines.ts";

const SLOW = process.env.GUESTKIT_SLOW === "1";

/** Whether a long scenario of Terraform's or OpenTofu's belongs to this run: where both are there, OpenTofu's is slow. */
export const belongsHere = (engine: string): boolean => isTwin(engine) === SLOW;

/**
 * The same for scenarios that every face carries out: one does by default, each scenario another one, and the others are
 * slow. OpenTofu stands in where Terraform is not there.
 */
export const faceBelongsHere = (face: string, usual: "guestkit.yaml" | "terraform"): boolean =>
  (face !== usual && !(usual === "terraform" && face === "tofu" && !isTwin(face))) === SLOW;

/** OpenTofu tells what Terraform tells. */
const isTwin = (engine: string): boolean => engine === "tofu" && findEngine("terraform") !== null;

/** How much a test does of what it may do more of; the slow run does all. */
export const amount = (usual: number, slow: number): number => (SLOW ? slow : usual);
