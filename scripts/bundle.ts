/** How the sources become what users run: bundles with all of their code inside. */
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { joinChunks } from "./join-chunks.ts";
import { OPTIONAL_LIBRARIES } from "./optional-libraries.ts";

const root = join(import.meta.dirname, "..");

/** Node's modules that are nothing but functions and classes to call: what they are called on does not matter. */
const FUNCTIONS = [
  "buffer",
  "child_process",
  "crypto",
  "fs/promises",
  "net",
  "os",
  "timers/promises",
  "tls",
  "util",
  "worker_threads",
  "zlib",
];

/** Those that Node itself has loaded by the time that it runs anything. */
const LOADED = ["fs", "path", "url"];

/**
 * Node's own modules are fetched where they are first needed. As `import` statements they would all be loaded before
 * the bundle's first line runs, those of parts that are only loaded on demand too. Those that are mere functions wait for
 * the first one that is called: crypto alone costs 3 ms at every start. Of those that are there each name is taken once:
 * esbuild's copy of a CommonJS module in each chunk costs as much as the chunk.
 */
const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      const name = path.replace("node:", "");
      const among = (names: readonly string[]) => kind === "import-statement" && names.includes(name);
      return { path, namespace: among(FUNCTIONS) ? "builtin-functions" : among(LOADED) ? "builtin-names" : "builtin" };
    });
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
      loader: "js",
    }));
    // An import finds what the module itself lacks in what it inherits from.
    onLoad({ filter: /./, namespace: "builtin-functions" }, ({ path }) => ({
      contents: `let found;
const get = (_, name) => (found ??= process.getBuiltinModule(${JSON.stringify(path)}))[name];
module.exports = Object.create(new Proxy({}, { get }))`,
      loader: "js",
    }));
    onLoad({ filter: /./, namespace: "builtin-names" }, ({ path }) => ({
      contents: `const found = process.getBuiltinModule(${JSON.stringify(path)});
export default found;
${namesOf(path)
  .map((name) => `export const ${name} = found.${name};`)
  .join("\n")}`,
      loader: "js",
    }));
  },
};

/** The library asks the environment for a switch at each token, which takes longer than the token. */
const quietYaml: Plugin = {
  name: "quiet-yaml",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/yaml\/dist\/parse\/parser\.js$/ }, async ({ path }) => {
      const [before, after, ...more] = (await readFile(path, "utf8")).split("node_process.env.LOG_TOKENS");
      if (after === undefined || more.length > 0) throw new Error(`${path} asks for no switch, or for several`);
      return { contents: `${before}false${after}`, loader: "js" };
    });
  },
};

/** Bundled, they are never there. */
const leftOut: Plugin = {
  name: "left-out",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(?:${OPTIONAL_LIBRARIES.join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /./, namespace: "left-out" }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not there`)})`,
      loader: "js",
    }));
  },
};

/** Getters are left out: what they give is loaded by a look at them. */
function namesOf(path: string): readonly string[] {
  const all = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(path)));
  return all.flatMap(([name, { get }]) => (get ? [] : [name]));
}

/** First of all: what follows needs a newer Node than a host's own may be. */
const GUARD = `if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write("Cannot run guestkit: it needs Node 24 or later, and this is " + process.versions.node +
    "\\n  Install one (npm install --global node@24), or start guestkit with the full path of one.\\n");
  process.exit(1);
}`;

/** CommonJS dependencies inside an ES module call `require`: made at the first call, since each chunk has one. */
const REQUIRE = 'const require = (id) => process.getBuiltinModule("node:module").createRequire(import.meta.url)(id);';

/** Stands for `performance.now`, for which Node loads a library: that takes 4 ms at a start. */
export const CLOCK = "const clockOfProcess = () => process.uptime() * 1000;";

const BANNER = { js: `${GUARD}\n${REQUIRE}\n${CLOCK}` };

export const options = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  conditions: ["guestkit-source"],
  define: { "performance.now": "clockOfProcess" },
  plugins: [lazyBuiltins, quietYaml, leftOut],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
} satisfies BuildOptions;

/** Where a bundle goes; `isSplit` leaves what it imports on demand in files of its own beside it. */
export interface BundlePlan {
  readonly entry: string;
  readonly outfile: string;
  readonly isSplit: boolean;
}

/** A single file, or the entry and its chunks beside it; by their paths, the entry last. */
export async function bundle({
  entry,
  outfile,
  isSplit,
}: BundlePlan): Promise<ReadonlyMap<string, Uint8Array | string>> {
  const one = { ...options, entryPoints: [entry], write: false as const };
  if (!isSplit) {
    const { outputFiles } = await build({ ...one, banner: BANNER, outfile });
    return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  }
  return await splitBundle(entry, outfile, BANNER.js);
}

/** The entry and its chunks by their paths, the entry last: it must not name chunks that are not there yet. */
export async function splitBundle(
  entry: string,
  outfile: string,
  banner: string,
): Promise<ReadonlyMap<string, string>> {
  const { outputFiles, metafile } = await build({
    ...{ ...options, entryPoints: [entry], write: false, metafile: true, splitting: true },
    ...{ outdir: dirname(outfile), outExtension: { ".js": ".mjs" } },
    ...{ entryNames: basename(outfile, ".mjs"), chunkNames: "chunks/[name]-[hash]" },
  });
  const files = await joinChunks(outfile, outputFiles, metafile, { ...options, banner: { js: banner } });
  const program = join(root, outfile);
  // Joining drops the line by which a shell starts the program.
  const [line = ""] = /^#!.*\n/.exec(outputFiles.find(({ path }) => path === program)?.text ?? "") ?? [];
  const parts = [...files].filter(([path]) => path !== program);
  return new Map([...parts, [program, line + files.get(program)]]);
}
