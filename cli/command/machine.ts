import type { Command } from "./command.ts";

/**
 * Verbs of machines that are written by hand, since they need a terminal or pass another program's exit code on:
 * `vm ssh`, `vm console`. Whatever else a machine does is a query or an action whose contract makes the verb.
 */
export const machineCommands: readonly Command[] = [];
