export * from "./contract.ts";
export { contractOf, contracts } from "./registry.ts";
export * from "./value.ts";
