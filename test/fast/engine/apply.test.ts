import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ApplyError, Engine, type ResourceImplementation } from "../../../core/engine/index.ts";
import { GuestkitError } from "../../../core/kit/errors.ts";
import { contractOf } from "../../../core/model/index.ts";

const contract = contractOf("disk_image");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guestkit-engine-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An engine over a world of one image, whose create always fails after `makes`. */
function failing(world: { there: boolean }, makes: boolean): Engine {
  const implementation: ResourceImplementation = {
    observe: async (path) => (world.there ? { input: { path }, output: {} } : null),
    create: async () => {
      if (makes) world.there = true;
      throw new GuestkitError("E_TEST", "Cannot create: it is a test");
    },
    update: async () => {},
    remove: async () => {},
  };
  const implementations = { resources: { disk_image: async () => implementation }, queries: {}, actions: {} };
  const settings = { dataDir: folder, cacheDir: folder, runtimeDir: folder };
  return new Engine({ implementations, settings, baseDir: folder });
}

async function stateAfter(world: { there: boolean }, makes: boolean): Promise<unknown> {
  const engine = failing(world, makes);
  const config = { path: join(folder, "web.qcow2"), size: "1M" };
  const error = await engine.apply(contract, await engine.plan(contract, null, config), config).catch((each) => each);
  expect(error).toBeInstanceOf(ApplyError);
  return (error as ApplyError).state;
}

it("a failed create answers what it left behind", async () => {
  expect(await stateAfter({ there: false }, true)).toMatchObject({ id: join(folder, "web.qcow2") });
  expect(await stateAfter({ there: false }, false)).toBeNull();
});

it("a failed create does not take over what stood there before", async () => {
  expect(await stateAfter({ there: true }, false)).toBeNull();
});
