import type { Contract } from "@guestkit/core/model";
import { tableWith } from "../command/table.ts";
import { verbsOf } from "../contract/command.ts";
import { VERSION } from "../version.ts";
import { manPage } from "./man-page.ts";
import { commandReference } from "./reference.ts";
import { jobSchema, projectSchema } from "./schema.ts";

/** What is emitted for the command line: path from the repository's root -> text. */
export function cliFiles(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  const verbs = verbsOf(contracts);
  const commands = tableWith(verbs);
  return {
    "cli/generated/verbs.json": `${JSON.stringify(verbs, null, 1)}\n`,
    "cli/generated/guestkit.schema.json": `${JSON.stringify(projectSchema(contracts), null, 1)}\n`,
    "cli/generated/ci-job.schema.json": `${JSON.stringify(jobSchema(contracts), null, 1)}\n`,
    "cli/generated/guestkit.1": manPage(commands, VERSION),
    "docs/cli.md": commandReference(commands),
  };
}
