// Writes TypeScript bindings of the guestkit provider into `.gen` of the current folder, from the schema that the
// installed provider itself gives. Uses whichever generator the folder's package.json names, and needs no network.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const engine = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const [generator] = Object.keys(manifest.devDependencies).filter((name) => name.endsWith("/provider-generator"));
const { generateProviderBindingsFromSchema } = createRequire(resolve("package.json"))(generator);

await generateProviderBindingsFromSchema(resolve(".gen"), readSchema());

/** The provider's schema; the engine's builtin provider is left out, it has no bindings. */
function readSchema() {
  const folder = mkdtempSync(join(tmpdir(), "guestkit-bindings-"));
  try {
    writeFileSync(
      join(folder, "main.tf"),
      'terraform {\n required_providers { guestkit = { source = "guestkit/guestkit" } }\n}\n',
    );
    execFileSync(engine, ["init", "-input=false"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    const schema = JSON.parse(
      execFileSync(engine, ["providers", "schema", "-json"], { cwd: folder, encoding: "utf8" }),
    );
    const own = Object.entries(schema.provider_schemas).filter(([address]) => address.endsWith("/guestkit/guestkit"));
    return { ...schema, provider_schemas: Object.fromEntries(own) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
