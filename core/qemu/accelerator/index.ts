export { type Accelerator, type AcceleratorOptions, chooseAccelerator, type Verdict } from "./accelerator.ts";
