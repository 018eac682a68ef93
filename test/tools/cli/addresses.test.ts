import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guestkit } from "../../support/cli.ts";
import { scratch } from "../../support/run.ts";

const MARK = "mark-7c1d";
const ADDRESS = `https://me:${MARK}@example.org/x`;

async function refused(image: object, env: Record<string, string> = {}) {
  const cwd = await scratch("addresses");
  const resources = { disk_image: { web: { path: "web.qcow2", ...image } } };
  await writeFile(join(cwd, "guestkit.yaml"), JSON.stringify({ version: 1, resources }));
  const folders = {
    GUESTKIT_LOG: "trace",
    GUESTKIT_CACHE_DIR: join(cwd, "cache"),
    GUESTKIT_RUNTIME_DIR: join(cwd, "run"),
  };
  const verb = Object.keys(env).length > 0 ? "plan" : "validate";
  const { exitCode, stdout, stderr } = await guestkit([verb], { cwd, env: { ...folders, ...env } });
  expect(exitCode).not.toBe(0);
  expect(stdout.toString() + stderr).not.toContain(MARK);
  return stdout.toString() + stderr;
}

it.each([
  ["source.url", { source: { url: ADDRESS } }, "source.headers"],
  ["source.proxy", { source: { url: "https://example.org/x", proxy: ADDRESS } }, "source.proxy_authorization"],
  ["bootstrap.mirror", { bootstrap: { mirror: ADDRESS } }, "/etc/apt/auth.conf.d"],
  ["bootstrap.mirror", { bootstrap: { mirror: `deb [arch=amd64] ${ADDRESS} bookworm main` } }, "/etc/apt/auth.conf.d"],
])("refuses a name and password in %s, and names the way out", async (field, image, help) => {
  const said = await refused(image);
  expect(said).toContain(field);
  expect(said).toContain(help);
});

it("refuses them in GUESTKIT_MIRROR where a bootstrap is planned", async () => {
  expect(await refused({ bootstrap: {} }, { GUESTKIT_MIRROR: ADDRESS })).toContain("GUESTKIT_MIRROR");
});
