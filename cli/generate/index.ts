import type { Contract } from "@guestkit/core/model";
import type { Command } from "../command/command.ts";
import { tableWith } from "../command/table.ts";
import { verbsOf } from "../contract/command.ts";
import { VERSION } from "../version.ts";
import { manPage } from "./man-page.ts";
import { commandReference } from "./reference.ts";
import { demandSchemas, schemaModule } from "./schema-module.ts";

/** Every verb, by these contracts; `schemas` are the names of all published ones. */
export function commandsOf(contracts: readonly Contract[], schemas: readonly string[]): readonly Command[] {
  return tableWith(verbsOf(contracts), schemas);
}

/** What is emitted for the command line: path from the repository's root -> text. */
export function cliFiles(contracts: readonly Contract[], schemas: readonly string[]): Readonly<Record<string, string>> {
  const verbs = verbsOf(contracts);
  const commands = commandsOf(contracts, schemas);
  demandSchemas(commands, schemas);
  return {
    "cli/generated/verbs.json": `${JSON.stringify(verbs, null, 1)}\n`,
    "cli/generated/schemas.ts": schemaModule(schemas),
    "cli/generated/guestkit.1": manPage(commands, VERSION),
    "docs/cli.md": commandReference(commands),
  };
}
