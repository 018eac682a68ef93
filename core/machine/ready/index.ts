export { agentAddresses, declaredAddresses } from "./addresses.ts";
export { type Ready, type ReadyOptions, waitReady } from "./wait.ts";
