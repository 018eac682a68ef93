/** Writes the bundles that users run: one file each, with all of its code inside. */
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Entry -> bundle. */
const BUNDLES: Readonly<Record<string, string>> = {
  "provider/main.ts": "provider/dist/terraform-provider-guestkit.mjs",
};

/** CommonJS dependencies inside an ES module call `require`. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  conditions: ["guestkit-source"],
  banner: { js: REQUIRE },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};

const wanted = process.argv.slice(2);
for (const [entry, outfile] of Object.entries(BUNDLES)) {
  if (wanted.length > 0 && !wanted.includes(outfile.split("/")[0] ?? "")) continue;
  await build({ ...options, entryPoints: [entry], outfile });
  console.log(`wrote ${outfile}`);
}
