/**
 * A bundle that is split where something is imported on demand falls into many small files, and each takes as long to load as
 * 70 KB of code. Those that are always loaded together become one.
 */
import { createHash } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Metafile, type OnResolveResult, type OutputFile, type Plugin } from "esbuild";

/** A file of a split bundle, named as in its metafile. */
interface Part {
  readonly name: string;
  readonly text: string;
  readonly exports: readonly string[];
  /** What is loaded with it. */
  readonly imports: readonly string[];
  /** What is imported on demand. */
  readonly demands: readonly string[];
  /** Whether it is the program itself, or imported on demand. */
  readonly isEntry: boolean;
}

type Parts = ReadonlyMap<string, Part>;

/** Stands for the digest of all files, until they are made. */
const DIGEST = "DIGEST-OF-ALL";

/**
 * The files of a split bundle (`program` is its own one) by their paths, fewer of them. A name tells the contents of all:
 * none of them is ever loaded together with one of another build.
 */
export async function joinChunks(
  program: string,
  files: readonly OutputFile[],
  metafile: Metafile,
  options: BuildOptions,
): Promise<ReadonlyMap<string, string>> {
  const parts = partsOf(files, metafile, String(options.absWorkingDir));
  const joint = jointsOf(parts, program);
  const { outputFiles } = await build({
    ...options,
    entryPoints: [...new Set(joint.values())].map((path) => ({ in: `joint:${path}`, out: path.replace(/\.mjs$/, "") })),
    outdir: String(options.absWorkingDir),
    outExtension: { ".js": ".mjs" },
    plugins: [joining(parts, joint)],
    write: false,
  });
  const digest = createHash("sha256");
  for (const { contents } of outputFiles) digest.update(contents);
  const name = digest.digest("hex").slice(0, 8);
  const named = (text: string) => text.replaceAll(DIGEST, name);
  return new Map(outputFiles.map(({ path, text }) => [named(path), named(text)]));
}

function partsOf(files: readonly OutputFile[], { outputs }: Metafile, root: string): Parts {
  const found = files.map(({ path, text }): [string, Part] => {
    const name = relative(root, path);
    const { imports = [], exports = [], entryPoint } = outputs[name] ?? {};
    const of = (kind: string) => imports.filter((each) => each.kind === kind && outputs[each.path]);
    const [loaded, demanded] = [of("import-statement"), of("dynamic-import")].map((all) => all.map(({ path }) => path));
    const isEntry = entryPoint !== undefined;
    return [name, { name, text, exports, imports: loaded ?? [], demands: demanded ?? [], isEntry }];
  });
  return new Map(found);
}

/**
 * The file that each part goes to. An entry keeps one of its own. The rest is told by the entries with which it is surely
 * there: whatever has the same ones is loaded at the same moment, so that nothing is loaded that was not before. What a
 * part of such a file imports is there wherever the part is: no two files import each other.
 */
function jointsOf(parts: Parts, program: string): ReadonlyMap<string, string> {
  const there = loadedBy(parts, program);
  const entries = [...there.keys()];
  const names = new Map<string, string>();
  const joints = [...parts.values()].map(({ name, isEntry }): [string, string] => {
    if (name === program) return [name, name];
    const base = isEntry ? name.replace(/-[^-]*$/, "") : `${dirname(name)}/chunk`;
    const key = isEntry ? name : entries.filter((entry) => there.get(entry)?.has(name)).join();
    if (!names.has(key)) names.set(key, `${base}-${names.size}-${DIGEST}.mjs`);
    return [name, String(names.get(key))];
  });
  return new Map(joints);
}

/**
 * What is surely loaded once an entry is: what it imports, and what is there wherever it is demanded. Starts from all and
 * takes away until nothing changes.
 */
function loadedBy(parts: Parts, program: string): ReadonlyMap<string, ReadonlySet<string>> {
  const entries = [...parts.values()].filter(({ isEntry }) => isEntry).map(({ name }) => name);
  const own = new Map(entries.map((entry) => [entry, closure(parts, entry)]));
  const there = new Map(entries.map((entry) => [entry, new Set<string>(parts.keys())]));
  there.set(program, new Set(own.get(program)));
  const around = (name: string) =>
    common(entries.flatMap((entry) => (own.get(entry)?.has(name) ? [there.get(entry) ?? new Set()] : [])));
  const before = (entry: string) =>
    common([...parts.values()].filter(({ demands }) => demands.includes(entry)).map(({ name }) => around(name)));
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const entry of entries.filter((each) => each !== program)) {
      const now = before(entry).union(own.get(entry) ?? new Set<string>());
      if (now.size !== there.get(entry)?.size) isSettled = false;
      there.set(entry, now);
    }
  }
  return there;
}

const common = (sets: readonly Set<string>[]): Set<string> =>
  sets.length === 0 ? new Set() : sets.reduce((all, each) => all.intersection(each));

function closure(parts: Parts, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const each of parts.get(name)?.imports ?? []) closure(parts, each, seen);
  return seen;
}

/**
 * Makes each file of its parts: they find each other within it. Those of other files are imported by names that are one's
 * own among all the parts of a file.
 */
function joining(parts: Parts, joint: ReadonlyMap<string, string>): Plugin {
  const numbers = new Map([...parts.keys()].map((name, index) => [name, index]));
  const alias = (part: Part, name: string) => (part.isEntry ? name : `${name}$${numbers.get(part.name)}`);
  const partOf = (name: string) => parts.get(name) as Part;
  const resolve = (target: string, importer: string): OnResolveResult => {
    const file = `./${relative(dirname(importer), joint.get(target) ?? target)}`;
    if (partOf(target).isEntry) return { path: file, external: true };
    if (joint.get(target) === joint.get(importer)) return { path: target, namespace: "part" };
    return { path: target, suffix: `?${file}`, namespace: "elsewhere" };
  };
  return {
    name: "join-chunks",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, importer, namespace, kind }) => {
        if (kind === "entry-point") return { path: path.replace("joint:", ""), namespace: "joint" };
        if (namespace === "joint") return { path, namespace: "part" };
        if (namespace === "elsewhere") return external(path);
        const target = join(dirname(importer), path);
        return parts.has(target) ? resolve(target, importer) : external(path);
      });
      onLoad({ filter: /./, namespace: "part" }, ({ path }) => ({ contents: partOf(path).text, loader: "js" }));
      onLoad({ filter: /./, namespace: "joint" }, ({ path }) => {
        const own = [...joint].flatMap(([name, file]) => (file === path ? [partOf(name)] : []));
        return { contents: own.map((part) => exporting(part, alias)).join("\n"), loader: "js" };
      });
      // A statement each: names that are not used are left out, and the file is loaded all the same.
      onLoad({ filter: /./, namespace: "elsewhere" }, ({ path, suffix }) => {
        const file = suffix.slice(1);
        const part = partOf(path);
        const names = part.exports.map((name) => `export { ${alias(part, name)} as ${name} } from "${UNUSED}${file}";`);
        return { contents: [`import "${file}";`, ...names].join("\n"), loader: "js" };
      });
    },
  };
}

/** Marks an import that may be left out where nothing of it is used. */
const UNUSED = "unused:";

function external(path: string): OnResolveResult {
  return { path: path.replace(UNUSED, ""), external: true, sideEffects: !path.startsWith(UNUSED) };
}

function exporting(part: Part, alias: (part: Part, name: string) => string): string {
  const names = part.exports.map((name) => `${name} as ${alias(part, name)}`);
  return `export { ${names.join(", ")} } from "${part.name}";`;
}
