export { NO_PRIVILEGE } from "./as-user.ts";
export { type CopyOptions, copyFromGuest, copyToGuest } from "./copy.ts";
export { type ExecOptions, execInGuest, type GuestCommand } from "./exec.ts";
export { demandTarget, NOT_IN, openWay, type Place, type Via } from "./open-way.ts";
export type { GuestResult, GuestWay, WayCommand, WayKind } from "./way.ts";
