/** Writes the bundles that users run: one file each, with all of its code inside. */
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Entry -> bundle. */
const BUNDLES: Readonly<Record<string, string>> = {
  "provider/main.ts": "provider/dist/terraform-provider-guestkit.mjs",
};

/**
 * Node's own modules are fetched where they are first needed. As `import` statements they would all be loaded before
 * the bundle's first line runs, those of parts that are only loaded on demand too.
 */
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path }) => (isBuiltin(path) ? { path, namespace: "builtin" } : undefined));
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
      loader: "js",
    }));
  },
};

/** CommonJS dependencies inside an ES module call `require`. */
const REQUIRE = 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);';

const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  conditions: ["guestkit-source"],
  banner: { js: REQUIRE },
  plugins: [lazyBuiltins],
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
