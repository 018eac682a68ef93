import { expect, it } from "vitest";
import { expectGolden } from "../../support/golden/report.ts";
import { GOLDEN_SYSTEMS } from "../../support/golden/systems.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("golden");
const systems = Object.entries(GOLDEN_SYSTEMS).filter(([, { slow }]) => !slow);

it.each(systems)("a system of %s is told as it was", async (name, system) => {
  expect.assertions(1);
  await expectGolden(dir, name, system);
});
