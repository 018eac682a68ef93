export type { Agent, AgentInfo, GuestAddress, GuestInterface } from "./agent.ts";
export type * from "./commands.ts";
export { type AgentConnectOptions, connectAgent } from "./connect.ts";
export { AgentCommandError } from "./error.ts";
export type { ExecRequest, ExecResult } from "./exec.ts";
export type { FileContent, WriteOptions } from "./file.ts";
export type { AgentOptions } from "./session.ts";
