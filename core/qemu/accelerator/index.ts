export { type AcceleratorOptions, chooseAccelerator } from "./accelerator.ts";
export type { Accelerator, Verdict } from "./verdict.ts";
