export { guestAnswer, tailOf } from "./answer.ts";
export { NO_PRIVILEGE } from "./as-user.ts";
export { copyFromGuest, copyToGuest } from "./copy.ts";
export { execInGuest } from "./exec.ts";
export { demandTarget, NOT_IN, openWay, type Via } from "./open-way.ts";
export { rsync } from "./rsync.ts";
export { runScript, type ScriptOptions } from "./script.ts";
export type { GuestResult, WayKind } from "./way.ts";
