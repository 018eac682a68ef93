/**
 * The SDKs of the native Pulumi provider, each as its language's own tools take it: a package of npm's, a source distribution
 * of Python's, the folder of a Go module.
 */
import { cp, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeTar } from "./tar.ts";
import { root, run, version, withFolder } from "./tree.ts";

const SCHEMA = join(root, "pulumi/generated/schema.json");
/** What a TypeScript program of Pulumi's is compiled with, and by. */
const PULUMI = join(root, "pulumi/node_modules");

/** Writes the archives into a folder. `generator`: the program `pulumi-sdks` of `npm run engines:all`. */
export async function writeSdks(out: string, generator: string, level = 6): Promise<void> {
  await withFolder(async (folder) => {
    await run(generator, [SCHEMA, folder]);
    await writeNode(out, join(folder, "nodejs"));
    await writePython(out, folder, level);
    await writeGo(out, folder, level);
  });
}

/** Published is the folder that the compiler writes into, with the manifest in it: the SDK reads its version there. */
async function writeNode(out: string, sources: string): Promise<void> {
  await symlink(PULUMI, join(sources, "node_modules"));
  const types = join(root, "node_modules/@types");
  await run(process.execPath, [join(PULUMI, "typescript/bin/tsc"), "-p", sources, "--typeRoots", types], {
    maxBuffer: 16 << 20,
  });
  for (const name of ["package.json", "README.md"]) await cp(join(sources, name), join(sources, "bin", name));
  await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", out], { cwd: join(sources, "bin") });
}

async function writePython(out: string, folder: string, level: number): Promise<void> {
  const name = `pulumi_guestkit-${await version()}`;
  await rename(join(folder, "python"), join(folder, name));
  const about = `Metadata-Version: 2.1\nName: pulumi_guestkit\nVersion: ${await version()}\n`;
  await writeFile(join(folder, name, "PKG-INFO"), about);
  await writeTar(join(out, `${name}.tar.gz`), folder, name, level);
}

async function writeGo(out: string, folder: string, level: number): Promise<void> {
  const name = `pulumi-guestkit-go-${await version()}`;
  await rename(join(folder, "go"), join(folder, name));
  await writeTar(join(out, `${name}.tar.gz`), folder, name, level);
}
