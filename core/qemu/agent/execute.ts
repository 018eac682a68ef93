import type { AgentAnswer, AgentArguments, AgentCommand } from "./commands.ts";
import type { AgentOptions } from "./session.ts";

/** Asks the agent for one command: what every part of the client does it by. */
export type AgentExecute = <C extends AgentCommand>(
  command: C,
  given: AgentArguments<C>,
  options: AgentOptions,
) => Promise<AgentAnswer<C>>;
