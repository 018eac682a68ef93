import type { Command } from "./command.ts";
import { declareCommands } from "./declare.ts";
import { readCommands } from "./read.ts";
import { serviceCommands } from "./service.ts";

/** Every verb, in the order of the overview. */
export const commands: readonly Command[] = [...readCommands, ...declareCommands, ...serviceCommands];

export function commandOf(name: string): Command | undefined {
  return commands.find((each) => each.name === name);
}
