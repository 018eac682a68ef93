import { faultsOf } from "../fault.ts";

/** An image that does not hold together: `E_QED_<part>`. */
export const faults = faultsOf("QED");
export const { damaged, checkRange } = faults;
