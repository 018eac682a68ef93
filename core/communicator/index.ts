export { guestAnswer, tailOf } from "./answer.ts";
export { joinGuest } from "./connect.ts";
export { copyFromGuest, copyToGuest } from "./copy.ts";
export { execInGuest } from "./exec.ts";
export { rsync } from "./rsync.ts";
export { runScript, type ScriptOptions } from "./script.ts";
export { NO_PRIVILEGE } from "./way/as-user.ts";
export { demandTarget, NOT_IN, openWay, type Via } from "./way/open-way.ts";
export type { GuestResult, WayKind } from "./way/way.ts";
