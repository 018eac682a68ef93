/** Builds the packages that programs import: the core's modules and types, and the Pulumi SDK as CommonJS. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const execute = promisify(execFile);

/** Library -> how its `dist` is filled. */
const LIBRARIES: Readonly<Record<string, (dist: string) => Promise<void>>> = {
  core: (dist) => compile("core/tsconfig.build.json", dist),
  pulumi: async (dist) => {
    await bundlePulumi(dist);
    await compile("pulumi/tsconfig.build.json", join(dist, "types"));
    // Without this the types would be taken as those of ES modules.
    await writeFile(join(dist, "types/package.json"), '{ "type": "commonjs" }\n');
  },
};

export async function buildLibraries(wanted: readonly string[]): Promise<void> {
  for (const [name, fill] of Object.entries(LIBRARIES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await replaceFolder(join(root, name, "dist"), fill);
    console.log(`wrote ${name}/dist`);
  }
}

/** Fills a new folder and puts it in the old one's place: another process may be using that one. */
async function replaceFolder(dist: string, fill: (dist: string) => Promise<void>): Promise<void> {
  const [next, last] = [`${dist}.next-${process.pid}`, `${dist}.last-${process.pid}`];
  try {
    await mkdir(next, { recursive: true });
    await fill(next);
    await rename(dist, last).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rename(next, dist);
  } finally {
    await rm(next, { recursive: true, force: true });
    await rm(last, { recursive: true, force: true });
  }
}

/** Types are checked by `npm run check`; here they are only taken off. */
async function compile(project: string, outDir: string): Promise<void> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["--outDir", outDir, "--noCheck"];
  await execute(process.execPath, [tsc, "-p", join(root, project), ...options]);
  for (const name of await readdir(outDir, { recursive: true })) {
    if (name.endsWith(".d.ts")) await nameModules(join(outDir, name));
  }
}

/** Types name each other as the sources do, `./x.ts`; older compilers know the names of the modules alone, `./x.js`. */
async function nameModules(path: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const renamed = text.replace(/((?:from |import\(|import )"\.{1,2}\/[^"]*)\.ts"/g, '$1.js"');
  if (renamed !== text) await writeFile(path, renamed);
}

/** Pulumi's programs and its provider process are CommonJS; the core stays a package of its own. */
async function bundlePulumi(outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { index: "pulumi/index.ts", provider: "pulumi/provider.ts" },
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node18",
    logLevel: "warning",
  });
}
