/** The single executable's code: the bundle's files as scripts, which compile from kept code, as modules do not. */
import { basename, join } from "node:path";
import { build, transform } from "esbuild";
import { CLOCK, options, splitBundle } from "../bundle.ts";
import { LOADER, PROGRAM } from "./loader.ts";

const here = "scripts/executable.d";

/** By their names: the program, its parts and what loads them. */
export async function programFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const modules = await splitBundle(`${here}/program.ts`, `${here}/dist/${PROGRAM}`, CLOCK);
  const files = [...modules].map(async ([path, text]) => [basename(path), Buffer.from(await scriptOf(text))] as const);
  return new Map([...(await Promise.all(files)), [LOADER, await loader()]]);
}

/** A function of what a module finds around it. */
async function scriptOf(text: string): Promise<string> {
  const { code } = await transform(text, {
    ...{ format: "cjs", platform: "node", target: "node24", minifySyntax: true, minifyWhitespace: true },
    ...{ supported: { "dynamic-import": false }, define: { "import.meta": "meta" }, legalComments: "none" },
  });
  return `(function(exports,require,module,meta){${code}\n})`;
}

async function loader(): Promise<Buffer> {
  const { outputFiles } = await build({
    ...{ ...options, plugins: [], entryPoints: [join(here, "start.ts")], format: "cjs", write: false },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}
