import { GuestkitError } from "../../kit/errors.ts";
import type { ByteSource } from "../../source/source.ts";
import { faultsOf } from "../fault.ts";

export const faults = faultsOf("VHDX");

/** What is well formed, and not known here: `E_VHDX_FEATURE`. */
export function unknownFeature(source: ByteSource, offset: number, what: string): GuestkitError {
  return new GuestkitError("E_VHDX_FEATURE", `Cannot open "${source.name}": it has what is not known here: ${what}`, {
    at: { file: source.name, offset },
    help: `A newer guestkit may know it; Windows makes a plain copy: Convert-VHD "${source.name}" NEW.vhdx`,
  });
}
