import type { JsonSchema } from "../../core/model/json-schema.ts";
import { fieldTable } from "./field-table.ts";

type Fields = Readonly<Record<string, JsonSchema>>;

/** docs/report.md: every field of an inspection's report, and where in the guest it is read. Throws where a field does not say. */
export function reportPage(schema: JsonSchema): string {
  const parts = schema.$defs as Fields;
  const system = parts.SystemReport as JsonSchema;
  const own = Object.entries(schema.properties as Fields).filter(([name]) => !(name in (system.properties as object)));
  for (const [name, { $comment }] of [...own, ...Object.entries(system.properties as Fields)])
    if (!$comment) throw new TypeError(`Cannot tell where ${name} is read: give it readFrom(...) in core/model`);
  const others = Object.entries(parts).filter(([name]) => name !== "SystemReport");
  return `# The report of an inspection

\`guestkit inspect --json IMAGE\`, the query \`inspection\` of every face, and \`inspect()\` of the library answer with the same report. This page is generated from its schema, \`${String(schema.$id)}\`, which \`guestkit schema inspection\` prints; \`import type { Inspection } from "@guestkit/core/types"\` is the same as a type. Its neighbours are listed in [schemas.md](schemas.md).

\`format_version\` is raised when a field changes its meaning or goes. A new field does not raise it: readers pass over what they do not know.

A list or a part that could not be read is null, and a warning names it; it is never a part of what there is. A group of facts is null unless \`--facts\` (\`facts\`) names it. No password, hash or key is ever in a report.

"Where it is read" names files and folders of the guest, or what of the disk tells. A field without a word there comes from where the field that it is in does.

## The whole

The fields of the first system ([SystemReport](#systemreport)) stand here as well, null or empty where there is no system.

${fieldTable({ properties: Object.fromEntries(own) })}
## SystemReport

${fieldTable(system)}
${others.map(([name, part]) => `## ${name}\n\n${fieldTable(part)}`).join("\n")}`;
}
