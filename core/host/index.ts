export { lockPath, takeLock } from "./lock.ts";
export { identifyProcess, isAlive, type ProcessIdentity } from "./process-identity.ts";
export { resolveSettings } from "./settings.ts";
