import type { Command } from "../../cli/command/command.ts";
import type { Catalogue } from "./catalogue.ts";
import { typeName } from "./types.ts";

/** docs/schemas.md: every published schema, and who prints what it describes. */
export function schemasPage(catalogue: Catalogue, commands: readonly Command[]): string {
  const rows = Object.entries(catalogue).map(([name, { title }]) => {
    const link = `[${name}](../core/generated/schemas/${name}.json)`;
    return `| ${link} | \`${typeName(name)}\` | ${String(title).replace(/\.$/, "")} | ${printers(name, commands)} |\n`;
  });
  return `# Schemas

Every JSON that guestkit reads or prints has a published JSON Schema (2020-12), which \`guestkit schema NAME\` prints and \`@guestkit/core/schemas/NAME.json\` is, and a type that is made from it:

\`\`\`ts
import type { Inspection, Plan } from "@guestkit/core/types";

const report: Inspection = JSON.parse(stdout);
\`\`\`

A schema's \`$id\` ends with the version of the shape, which \`format_version\` has where there is one. A later release may add fields to what is printed, which is no fault; what people write (guestkit.yaml, a CI job) may hold the fields that are listed and no others. Contracts' schemas (those with \`_\` in their names) describe the answer of a query or an action, and a resource as it is.

| schema | type | what it is | printed by |
|---|---|---|---|
${rows.join("")}`;
}

function printers(schema: string, commands: readonly Command[]): string {
  const named = commands.flatMap(({ name, options, prints = [] }) => {
    const printed = [...prints, ...(options.json?.prints ?? [])].find((each) => each.schema === schema);
    if (!printed) return [];
    return [`\`${name}\`${printed.list === undefined ? "" : ` (${printed.list}, a line each)`}`];
  });
  return named.join(", ");
}
