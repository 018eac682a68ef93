import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { joinChunks } from "../../../scripts/join-chunks.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/scratch.ts";

const root = await scratch("join-chunks");

/** A program's modules by number: what each imports, and what it imports on demand; the first is the program. */
type Modules = readonly { readonly imports: readonly number[]; readonly demands: readonly number[] }[];

const MODULES = 14;

const modules: fc.Arbitrary<Modules> = fc
  .array(fc.tuple(fc.array(fc.nat(MODULES)), fc.array(fc.nat(MODULES), { maxLength: 3 })), {
    minLength: MODULES,
    maxLength: MODULES,
  })
  .map((all) =>
    all.map(([imports, demands], own) => {
      const later = (numbers: readonly number[]) => [
        ...new Set(numbers.filter((each) => each > own && each < MODULES)),
      ];
      return { imports: later(imports).slice(0, 3), demands: later(demands) };
    }),
  );

/** Tells that it is loaded, and gives what it and those that it imports are worth. */
function source(own: number, { imports, demands }: Modules[number]): string {
  return [
    ...imports.map((each) => `import worth${each}, { name as name${each} } from "./m${each}.ts";`),
    `(globalThis.loaded ??= []).push(${own});`,
    `export const name = "m${own}";`,
    `export const demand = { ${demands.map((each) => `${each}: () => import("./m${each}.ts")`).join(", ")} };`,
    `export default [name, ${imports.map((each) => `name${each}, ...worth${each}`).join(", ")}];`,
  ].join("\n");
}

let runs = 0;

/** Bundles of a program, split and then joined, each in a folder of its own; how many files each has. */
async function bundles(program: Modules) {
  const at = join(root, `run-${runs++}`);
  await mkdir(join(at, "src"), { recursive: true });
  for (const [own, each] of program.entries()) await writeFile(join(at, `src/m${own}.ts`), source(own, each));
  const options = { absWorkingDir: at, bundle: true, format: "esm", minifySyntax: true, logLevel: "warning" } as const;
  const { outputFiles, metafile } = await build({
    ...{
      ...options,
      entryPoints: ["src/m0.ts"],
      outdir: "split",
      entryNames: "m0",
      chunkNames: "chunks/[name]-[hash]",
    },
    ...{ outExtension: { ".js": ".mjs" }, splitting: true, metafile: true, write: false },
  });
  const split = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const files = await joinChunks("split/m0.mjs", outputFiles, metafile, options);
  const joined = new Map([...files].map(([path, text]) => [path.replace(`${at}/split`, `${at}/joined`), text]));
  for (const [path, text] of [...split, ...joined]) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  return { at, split: split.size, joined: joined.size };
}

interface Loaded {
  readonly name: string;
  readonly default: readonly string[];
  readonly demand: Readonly<Record<string, () => Promise<Loaded>>>;
}

/** What is loaded by and by where a program demands something of something. */
async function walk(path: string): Promise<unknown> {
  const host = globalThis as { loaded?: number[] };
  host.loaded = [];
  const told: unknown[] = [];
  for (let left: (() => Promise<Loaded>)[] = [() => import(pathToFileURL(path).href)]; left.length > 0; ) {
    const [next, ...others] = left as [() => Promise<Loaded>];
    const { name, default: worth, demand } = await next();
    told.push({ name, worth, loaded: host.loaded.toSorted((a, b) => a - b) });
    left = told.length < 2 * MODULES ? [...Object.values(demand).toReversed(), ...others] : others;
  }
  return told;
}

it("loads the same modules at the same moments, from fewer files", async () => {
  const totals = { split: 0, joined: 0 };
  const same = fc.asyncProperty(modules, async (program) => {
    const { at, split, joined } = await bundles(program);
    expect(await walk(join(at, "joined/m0.mjs"))).toEqual(await walk(join(at, "split/m0.mjs")));
    expect(joined).toBeLessThanOrEqual(split);
    totals.split += split;
    totals.joined += joined;
  });
  await fc.assert(same, { numRuns: 30, seed: 7 });
  expect(totals.joined).toBeLessThan(totals.split);
});
