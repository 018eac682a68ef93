export { makeFolder } from "./folder.ts";
export { lockPath, takeLock } from "./lock.ts";
export { isAlive, type Owner, ownOwner } from "./owner.ts";
export { type Partial, partialBeside, sweepPartials } from "./partial.ts";
export { resolveSettings } from "./settings.ts";
