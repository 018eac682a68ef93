import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { integrationConfig } from "../../support/ansible-integration.ts";
import { CollectionCheckout, type Finished } from "../../support/ansible-test.ts";
import { CLEANERS } from "../../support/cleaner-programs.ts";
import { findEngine } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";

/** The oldest that is tested and the newest, each on its own Python. */
const RELEASES = [
  { release: "2.19", program: findEngine("ansible-test") },
  { release: "2.21", program: findEngine("ansible-test-2.21") },
];
const lint = findEngine("ansible-lint");
const docs = findEngine("antsibull-docs");
const changelog = findEngine("antsibull-changelog");

let scratch: string;
let checkout: CollectionCheckout;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "guestkit-collection-"));
  checkout = new CollectionCheckout(scratch);
  await checkout.lay();
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function passes(program: string | null, args: readonly string[]): Promise<string> {
  return passed(await checkout.run(String(program), args));
}

function passed({ exitCode, all }: Finished): string {
  expect(exitCode, all).toBe(0);
  return all;
}

describe.each(RELEASES)("the collection on ansible-core $release", ({ program }) => {
  const passes = async (kind: "sanity" | "units" | "integration") => passed(await checkout.test(String(program), kind));

  it.skipIf(!program)("passes ansible-test sanity", () => passes("sanity"));

  it.skipIf(!program)("passes ansible-test units", async () => {
    expect(await passes("units")).toMatch(/\d+ passed/);
  });

  it.skipIf(!program)("passes ansible-test integration, every target of it", async () => {
    await using host = await MachineHost.open();
    const config = await integrationConfig(host, CLEANERS);
    const told = join(checkout.path, "tests/integration/integration_config.yml");
    await copyFile(config, told);
    await passes("integration");
    // The others look at the collection, of which this is no part.
    await rm(told);
  });
});

describe("the collection", () => {
  it.skipIf(!lint)("passes ansible-lint with the production profile", () =>
    passes(lint, ["--offline", "--profile", "production", "."]),
  );

  it.skipIf(!docs)("passes antsibull-docs lint, its own references too", () =>
    passes(docs, [
      "lint-collection-docs",
      "--plugin-docs",
      "--skip-rstcheck",
      "--validate-collection-refs",
      "self",
      ".",
    ]),
  );

  it.skipIf(!docs)("is built as pages by antsibull-docs", async () => {
    const pages = join(scratch, "pages");
    await checkout.run("mkdir", [pages]);
    const build = ["collection", "--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", pages];
    await passes(docs, [...build, "guestkit.guestkit"]);
    const page = await readFile(join(pages, "guestkit_disk_image_module.rst"), "utf8");
    expect(page).toContain("guestkit.guestkit.resources");
  });

  it.skipIf(!changelog)(
    "has fragments that antsibull-changelog reads, and the page that it makes of them",
    async () => {
      await passes(changelog, ["lint"]);
      const page = await readFile(join(checkout.path, "CHANGELOG.md"), "utf8");
      await writeFile(join(checkout.path, "CHANGELOG.md"), "");
      await passes(changelog, ["generate"]);
      expect(await readFile(join(checkout.path, "CHANGELOG.md"), "utf8")).toBe(page);
    },
  );
});
