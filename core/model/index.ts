export * from "./contract.ts";
export { ANSWERING, contractOf, contracts } from "./registry.ts";
export * from "./value.ts";
export { hasFailed } from "./verdict.ts";
