import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { OPTIONAL_LIBRARIES } from "../../../scripts/optional-libraries.ts";

const root = join(import.meta.dirname, "../../..");

const VERBS = ["inspect", "packages", "sbom", "ls", "cat", "cp", "tar", "info", "version"];
/** Whatever is asked about below. */
const ENTRIES = [
  "cli/main.ts",
  ...[...VERBS, "apply"].map((verb) => `cli/verb/${verb}.ts`),
  ...["disk-image", "virtual-machine", "image-sbom"].map((name) => `core/resource/${name}.ts`),
  ...["core/inspect/index.ts", "core/sbom/cyclonedx.ts"],
];

let metafile: Metafile;

/** All of them in one: a chunk holds what the same entries reach, so that none gets anything for another's sake. */
beforeAll(async () => {
  ({ metafile } = await build({
    absWorkingDir: root,
    entryPoints: ENTRIES,
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: "out",
    platform: "node",
    format: "esm",
    conditions: ["guestkit-source"],
    external: OPTIONAL_LIBRARIES,
  }));
});

/** Source files that are loaded with a module, those imported on demand aside. */
function loadedWith(entry: string): string[] {
  const main = Object.keys(metafile.outputs).find((name) => metafile.outputs[name]?.entryPoint === entry);
  return [...closure(metafile, main ?? "", new Set())].flatMap((name) =>
    Object.keys(metafile.outputs[name]?.inputs ?? {}),
  );
}

function closure({ outputs }: Metafile, name: string, seen: Set<string>): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const { path, kind } of outputs[name]?.imports ?? []) {
    if (kind === "import-statement") closure({ outputs, inputs: {} }, path, seen);
  }
  return seen;
}

it.each(VERBS)("%s loads neither zod nor the contracts nor the engine", (verb) => {
  for (const entry of ["cli/main.ts", `cli/verb/${verb}.ts`]) {
    const loaded = loadedWith(entry);
    expect(loaded).toContain(entry);
    expect(
      loaded.filter((file) =>
        /node_modules\/|core\/(engine|model|generated|qemu|build|project|host\/program)\//.test(file),
      ),
    ).toEqual([]);
  }
});

it("looking into an image loads nothing that deciphers before there is something to decipher", () => {
  const loaded = loadedWith("core/inspect/index.ts");
  expect(loaded).toContain("core/volume/luks/index.ts");
  expect(loaded.filter((file) => /node-ciphers|core\/luks\/(?!label|layout|limits|fault)/.test(file))).toEqual([]);
});

it("only what writes a list of software loads the library for it", () => {
  const isLibrary = (file: string) => file.includes("node_modules/@cyclonedx/");
  for (const entry of ["cli/main.ts", "cli/verb/sbom.ts", "core/resource/image-sbom.ts"]) {
    expect(loadedWith(entry).filter(isLibrary)).toEqual([]);
  }
  expect(loadedWith("core/sbom/cyclonedx.ts").some(isLibrary)).toBe(true);
});

it("tells that apply does load the engine", () => {
  expect(loadedWith("cli/verb/apply.ts")).toContain("core/engine/engine.ts");
});

it.each(["disk-image", "virtual-machine"])("a plan of a %s loads nothing that downloads", (name) => {
  const loaded = loadedWith(`core/resource/${name}.ts`);
  expect(loaded).toContain("core/engine/record.ts");
  expect(loaded.filter((file) => file.includes("node_modules/undici/"))).toEqual([]);
});

it("a plan of a disk_image loads nothing that changes one, looks into one or runs programs", () => {
  const loaded = loadedWith("core/resource/disk-image.ts");
  expect(loaded).toContain("core/resource/disk-image/observe.ts");
  expect(
    loaded.filter((file) =>
      /node_modules\/|core\/(disk|guest|inspect|machine|seed|communicator|share|preflight|lifecycle|disposable)\//.test(
        file,
      ),
    ),
  ).toEqual([]);
});
