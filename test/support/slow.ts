import { findEngine } from "./engines.ts";

const SLOW = process.env.GUESTKIT_SLOW === "1";

/** Whether a long scenario of Terraform's or OpenTofu's belongs to this run: where both are there, OpenTofu's is slow. */
export const belongsHere = (engine: string): boolean => isTwin(engine) === SLOW;

/** The same for scenarios that every face carries out: by default guestkit.yaml and Terraform do, the others are slow. */
export const faceBelongsHere = (face: string): boolean =>
  (isTwin(face) || face === "ansible" || face === "pulumi") === SLOW;

/** OpenTofu tells what Terraform tells. */
const isTwin = (engine: string): boolean => engine === "tofu" && findEngine("terraform") !== null;
