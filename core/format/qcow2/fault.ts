import { faultsOf } from "../fault.ts";

/** An image that does not hold together: `E_QCOW2_<part>`. */
export const faults = faultsOf("QCOW2");
export const { damaged, checkRange } = faults;
