import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { repository } from "../../support/engines.ts";
import { run, scratch } from "../../support/run.ts";

const PROGRAM = `import { get, openDispatcher } from "./request.js";
const file = { url: process.argv[2], headers: {}, proxy: null, proxyAuthorization: null, caFile: null };
const dispatcher = await openDispatcher(file);
const { body } = await get(file, {}, dispatcher, new AbortController().signal);
console.log(await body.text());
await dispatcher.destroy();
`;

/** What is imported on demand from a CommonJS package has other names in a bundle than from source. */
it("downloads when it is bundled as it is shipped", async () => {
  const folder = await scratch("bundled");
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: repository,
    entryPoints: ["core/build/request.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    conditions: ["guestkit-source"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "program.js"), PROGRAM);
  const server = createServer((_, response) => response.end("all of it"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const said = await run(process.execPath, [join(folder, "program.js"), `http://127.0.0.1:${port}/`], {
      NODE_OPTIONS: "",
      NO_PROXY: "127.0.0.1",
    });
    expect(said).toBe("all of it\n");
  } finally {
    server.close();
  }
});
