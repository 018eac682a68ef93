/** What the single executable runs: in its first thread the program, in others what they are told to load. */
import { RUNTIME_FLAGS } from "../../cli/node-flags.ts";
import { createLoader, FILES, INDEX, PROGRAM } from "./loader.ts";

const { getAsset, getRawAsset } = process.getBuiltinModule("node:sea");

export const load = createLoader(getRawAsset(FILES), JSON.parse(getAsset(INDEX, "utf8")));
if (process.getBuiltinModule("node:worker_threads").isMainThread) {
  // First of all: compiled code counts only under the flags that it was compiled with.
  for (const flag of RUNTIME_FLAGS) process.getBuiltinModule("node:v8").setFlagsFromString(flag);
  load(PROGRAM);
}
