import { resolve } from "node:path";
import type { Invocation } from "../command/command.ts";

export const DEFAULT_FILE = "guestkit.yaml";

/** The project file of a command line, absolute. */
export function projectFile({ values }: Pick<Invocation, "values">): string {
  return resolve(values.file ?? DEFAULT_FILE);
}
