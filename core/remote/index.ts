export { hostNamed } from "./host.ts";
export { demandMachine, demandPlanned } from "./machine.ts";
export { openEngine, type Where } from "./open-engine.ts";
export { sshWords } from "./ssh.ts";
export { type ThereOptions, thereWords } from "./there.ts";
