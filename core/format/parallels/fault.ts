import { faultsOf } from "../fault.ts";

/** An image that does not hold together: `E_PARALLELS_<part>`. */
export const faults = faultsOf("PARALLELS");
export const { damaged, checkRange } = faults;
