export type { ExecuteOptions, Qmp } from "./client.ts";
export type * from "./commands/index.ts";
export { type ConnectOptions, connectQmp } from "./connect.ts";
export { QmpCommandError } from "./error.ts";
export type { EventWait, QmpListener } from "./event-hub.ts";
export type { QmpEvent, QmpEventName, QmpEventOf, QmpEvents } from "./events.ts";
export { type JobCommand, type JobGiven, type JobOptions, runJob } from "./job.ts";
