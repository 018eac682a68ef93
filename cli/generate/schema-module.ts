import type { Command } from "../command/command.ts";

/** Imports on demand, one a schema: a bundle has each in a file of its own. */
export function schemaModule(names: readonly string[]): string {
  const rows = names.map(
    (name) => `  "${name}": () => import("@guestkit/core/schemas/${name}.json", { with: { type: "json" } }),\n`,
  );
  return `// Written by scripts/generate.ts from the published schemas.
/** What loads each of them, by its name. */
export const schemas = {\n${rows.join("")}} as const;\n`;
}

/** Throws where a verb takes --json and does not say which published schema describes what it prints. */
export function demandSchemas(commands: readonly Command[], names: readonly string[]): void {
  for (const { name, options, prints: always = [] } of commands) {
    if (!options.json && always.length === 0) continue;
    const prints = [...always, ...(options.json?.prints ?? [])];
    const unknown = prints.find(({ schema }) => !names.includes(schema));
    if (prints.length > 0 && !unknown) continue;
    const what = unknown ? `"${unknown.schema}" is no document of core/model/documents` : "it names no schema";
    throw new TypeError(`Cannot publish what guestkit ${name} prints: ${what} (see json in cli/command/options.ts)`);
  }
}
