export { hostNamed } from "./host.ts";
export { demandMachine } from "./machine.ts";
export { openEngine, type Where } from "./open-engine.ts";
export { sshWords } from "./ssh.ts";
export { fileWords, proxyCommand, type ThereOptions, thereWords } from "./there.ts";
