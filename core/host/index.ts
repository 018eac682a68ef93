export { makeFolder } from "./folder.ts";
export { takeLock } from "./lock.ts";
export { lockPath } from "./lock-holder.ts";
export { isAlive, type Owner, ownOwner } from "./owner.ts";
export { type Partial, partialBeside, sweepPartials } from "./partial.ts";
export { resolveSettings } from "./settings.ts";
