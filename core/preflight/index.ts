export { checkMachine, knownRules, planned, toDiagnostics } from "./check.ts";
export { chooseFor } from "./choose.ts";
export type { Finding } from "./rule.ts";
