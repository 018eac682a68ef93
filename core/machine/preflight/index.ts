export { type CheckOptions, checkMachine, knownRules, toDiagnostics } from "./check.ts";
export {
  chooseFirmware,
  chooseFor,
  chooseMount,
  chooseReadiness,
  chooseShareKind,
  chooseSshUser,
} from "./choose.ts";
export type { ImageFacts, SystemFacts } from "./facts.ts";
export type { Finding, Rule } from "./rule.ts";
export { rules } from "./rules/index.ts";
