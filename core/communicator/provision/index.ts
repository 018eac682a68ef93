export { demandSecrets, provision } from "./provision.ts";
export { PRIVILEGE_HELP, runStep, type StepOptions, type StepResult } from "./run-step.ts";
