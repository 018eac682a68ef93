import type { Contract } from "@guestkit/core/model";
import { commandReference } from "./reference.ts";
import { projectSchema } from "./schema.ts";

/** What is emitted for the command line: path from the repository's root -> text. */
export function cliFiles(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  return {
    "cli/generated/guestkit.schema.json": `${JSON.stringify(projectSchema(contracts), null, 1)}\n`,
    "docs/cli.md": commandReference(),
  };
}
