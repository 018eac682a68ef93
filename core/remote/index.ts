export { ensureEngine } from "./ensure-engine.ts";
export { hostNamed } from "./host.ts";
export { demandMachine, demandPlanned } from "./machine.ts";
export { openEngine, type Where } from "./open-engine.ts";
export { sshWords } from "./ssh.ts";
export { ABSENT, type ThereOptions, thereWords } from "./there.ts";
