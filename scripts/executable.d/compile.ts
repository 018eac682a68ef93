/**
 * `node compile.ts FOLDER`, run by the Node that the executable is made of, with its flags: writes the compiled code of each
 * file beside it, that of every function, since none of it was run. The same code each time.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { RUNTIME_FLAGS } from "../../cli/node-flags.ts";
import { COMPILED, LOADER } from "./loader.ts";

const [folder = "."] = process.argv.slice(2);
// Where this runs, names are hashed the same each time; that flag is not one of those that it must run with.
for (const flag of ["--hash-seed=0", ...RUNTIME_FLAGS]) setFlagsFromString(flag);
for (const name of readdirSync(folder).filter((each) => each !== LOADER)) {
  const text = readFileSync(join(folder, name)).toString("latin1");
  setFlagsFromString("--no-lazy");
  const script = new Script(text);
  setFlagsFromString("--lazy");
  writeFileSync(join(folder, name + COMPILED), script.createCachedData());
}
