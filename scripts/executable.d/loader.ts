/**
 * How the single executable finds its code: the bundle's files are its assets, each made runnable where it is first asked for,
 * from the compiled code that lies beside it. Threads run this text anew.
 */

/** What a file of the bundle sees as `import.meta`. */
interface Meta {
  /** The executable, and the file within it: as long as neither changes, nor does what it answers. */
  readonly url: string;
  /** An expression that gives the file's exports in a thread. */
  readonly loading: string;
}

interface Module {
  exports: object;
}

type Body = (exports: object, require: (id: string) => unknown, module: Module, meta: Meta) => void;

/** Where an asset's compiled code lies. */
export const COMPILED = ".compiled";
export const PROGRAM = "program.mjs";
export const LOADER = "loader.js";
/** All files in one asset, and where each lies in it: Node looks at every asset as it starts, and pages that it looks at are memory. */
export const FILES = "files";
export const INDEX = "index.json";

/** Where a file begins in `FILES`, and how long it is. */
export type Index = Readonly<Record<string, readonly [start: number, length: number]>>;

const builtin = process.getBuiltinModule;

/** Gives the exports of a file by its name, of which there is one. */
export function createLoader(files: ArrayBuffer, index: Index): (name: string) => object {
  const { Script } = builtin("node:vm");
  const url = String(builtin("node:url").pathToFileURL(process.execPath));
  const loaded = new Map<string, Module>();
  return load;

  function load(name: string): object {
    const found = loaded.get(name);
    if (found) return found.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    runnable(name)(module.exports, require, module, { url: `${url}#${name}`, loading: loading(name) });
    return module.exports;
  }

  function runnable(name: string): Body {
    const cachedData = read(name + COMPILED);
    const text = read(name)?.toString("latin1") ?? "";
    return new Script(text, { filename: `guestkit:${name}`, ...(cachedData && { cachedData }) }).runInThisContext();
  }

  function read(name: string): Buffer | undefined {
    const place = index[name];
    return place && Buffer.from(files, ...place);
  }

  function require(id: string): unknown {
    const name = id.slice(id.lastIndexOf("/") + 1);
    return id.startsWith(".") && name in index ? load(name) : builtin(id);
  }
}

/** A thread has no way to this file but its text. */
const loading = (name: string) => `((module) => {
  const text = process.getBuiltinModule("node:sea").getAsset(${JSON.stringify(LOADER)}, "utf8");
  process.getBuiltinModule("node:vm").compileFunction(text, ["module"])(module);
  return Promise.resolve(module.exports.load(${JSON.stringify(name)}));
})({})`;
