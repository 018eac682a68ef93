import type { GuestkitError } from "../../kit/errors.ts";
import { type Fault, faultIn } from "../fault.ts";

const REPAIR = "The file system is damaged: work on a copy and repair that with xfs_repair, then read again.";

/** An error of this reader, with its place in the source named `file`. */
export function fault(file: string, code: string, what: Fault): GuestkitError {
  return faultIn(file, code, { help: REPAIR, ...what });
}
