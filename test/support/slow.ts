import { findEngine } from "./engines.ts";

const SLOW = process.env.GUESTKIT_SLOW === "1";

/** Whether a long scenario of Terraform's or OpenTofu's belongs to this run: where both are there, OpenTofu's is slow. */
export const belongsHere = (engine: string): boolean => isTwin(engine) === SLOW;

/** The same for a scenario that every face carries out: guestkit.yaml does by default, and the others are slow. */
export const faceBelongsHere = (face: string): boolean => (face !== "guestkit.yaml") === SLOW;

/** OpenTofu tells what Terraform tells. */
const isTwin = (engine: string): boolean => engine === "tofu" && findEngine("terraform") !== null;

/** Whether all of a scenario is carried out that has a shorter way by default. */
export const isWhole = SLOW;

/** How much a test does of what it may do more of; the slow run does all. */
export const amount = (usual: number, slow: number): number => (SLOW ? slow : usual);

/** The cases of a matrix that belong to this run: those that are `more` of the same are slow, the others are not. */
export const share = <T>(cases: readonly T[], isMore: (each: T) => boolean): readonly T[] =>
  cases.filter((each) => isMore(each) === SLOW);
