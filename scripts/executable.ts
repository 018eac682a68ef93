/** Writes the single executable: `node scripts/executable.ts OUT [x64|arm64]`; this host's architecture where left out. */
import { architectureOf, nodeFor } from "./executable.d/node.ts";
import { writeExecutable } from "./executable.d/write.ts";

const [out = "release/guestkit", architecture = process.arch] = process.argv.slice(2);
await writeExecutable(out, await nodeFor(architectureOf(architecture)));
console.log(`wrote ${out}`);
