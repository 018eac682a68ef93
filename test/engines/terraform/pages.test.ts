import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "vitest";
import { findEngine, findFurtherEngine, findNextTerraform, repository } from "../../support/engines.ts";
import { run } from "../../support/run.ts";
import { workspace } from "./workspace.ts";

const judge = findFurtherEngine("tfplugindocs");
/** Older ones tell of no actions: their pages are not held to the schema then. */
const path = findNextTerraform() ?? findEngine("terraform");

it.skipIf(judge === null || path === null)("has the pages that the registry takes, one for each thing", async () => {
  const work = await workspace({ name: "terraform", path: path ?? "" }, "");
  const told = JSON.parse(await work.succeed("providers", "schema", "-json"));
  // The tool knows a provider of somebody else's by its last name alone.
  const [schema] = Object.values(told.provider_schemas);
  const file = join(work.dir, "schemas.json");
  await writeFile(file, JSON.stringify({ ...told, provider_schemas: { guestkit: schema } }));
  const provider = ["--provider-dir", join(repository, "provider"), "--provider-name", "guestkit"];
  await run(judge ?? "", ["validate", ...provider, "--providers-schema", file]);
});
