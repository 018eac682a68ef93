/** Writes everything that is emitted from the contracts; `--check` fails where a file is not current. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ansibleFiles } from "@guestkit/ansible/generate";
import { cliFiles, commandsOf } from "@guestkit/cli/generate";
import { providerFiles } from "@guestkit/provider/generate";
import { pulumiFiles } from "@guestkit/pulumi/generate";
import { tools } from "../core/host/program/tools.ts";
import { compile } from "../core/model/compile.ts";
import { declarations } from "../core/model/contracts/index.ts";
import type { JsonSchema } from "../core/model/json-schema.ts";
import { rules } from "../core/preflight/rules/index.ts";
import { architecturePage } from "./architecture-page.ts";
import { guestsPage } from "./guests-page.ts";
import { kvmxPage } from "./kvmx-page.ts";
import { layerOverrides } from "./layers.ts";
import { preflightPage } from "./preflight-table.ts";
import { requirementsPage } from "./requirements-page.ts";
import { catalogueOf, schemaFile } from "./schemas/catalogue.ts";
import { reportPage } from "./schemas/report-page.ts";
import { schemasPage } from "./schemas/schemas-page.ts";
import { typesOf } from "./schemas/types.ts";

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");
const contracts = declarations.map(compile);
const catalogue = catalogueOf(contracts);

/** biome.json with the dependency rule in it; the first override is written by hand. */
async function linterConfig(): Promise<string> {
  const present = await readFile(join(root, "biome.json"), "utf8");
  const config = JSON.parse(present) as { overrides: object[] };
  const wanted = { ...config, overrides: [config.overrides[0], ...layerOverrides()] };
  // The formatter has its own way of writing the same.
  if (JSON.stringify(wanted) === JSON.stringify(config)) return present;
  return `${JSON.stringify(wanted, null, 2)}\n`;
}

const files: Record<string, string> = {
  "core/generated/contracts.json": `${JSON.stringify(contracts, null, 1)}\n`,
  "core/generated/types.ts": await typesOf(catalogue),
  "docs/report.md": reportPage(catalogue.inspection as JsonSchema),
  "docs/schemas.md": schemasPage(catalogue, commandsOf(contracts, Object.keys(catalogue))),
  ...Object.fromEntries(
    Object.entries(catalogue).map(([name, schema]) => [schemaFile(name), `${JSON.stringify(schema, null, 1)}\n`]),
  ),
  "biome.json": await linterConfig(),
  "docs/architecture.md": architecturePage(),
  "docs/guests.md": guestsPage(),
  "docs/kvmx.md": kvmxPage(),
  "docs/preflight.md": preflightPage(rules),
  "docs/requirements.md": requirementsPage(tools),
  ...ansibleFiles(contracts),
  ...cliFiles(contracts, Object.keys(catalogue)),
  ...providerFiles(contracts),
  ...pulumiFiles(contracts),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = join(root, name);
  if ((await readFile(path, "utf8").catch(() => null)) === text) continue;
  stale++;
  console.log(check ? `stale: ${name}` : `wrote ${name}`);
  if (check) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
if (check && stale > 0) process.exit(1);
