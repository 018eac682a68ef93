import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { contractOf } from "../../../core/model/index.ts";
import { findEngine } from "../engines.ts";
import { MachineHost } from "../machine-host.ts";
import { scratch } from "../scratch.ts";
import { walkEngine } from "./engine-walk.ts";
import { makeGround } from "./ground.ts";
import { unpainted } from "./palette.ts";
import { palettes } from "./palettes.ts";
import { walkTerraform } from "./terraform-walk.ts";
import { walkSeed } from "./walk.ts";

/** Every resource, walked through an engine. */
export async function walkEveryResource(steps: number): Promise<void> {
  const seed = walkSeed();
  const ground = await makeGround(await scratch("walk"));

  describe.each(palettes(ground).map((each) => [each.contract, each] as const))("%s", (name, palette) => {
    it("has a value for every field, or a reason to leave it out", () => {
      expect(unpainted(contractOf(name, "resource").input, palette)).toEqual([]);
    });

    it("becomes what its plan says, from any declaration to any other", async () => {
      await using host = MachineHost.at(join(ground.folder, name));
      await walkEngine(palette, host.folder, seed, steps);
    });
  });
}

/** All of them at once, walked through the real Terraform, or OpenTofu where that is what is there. */
export async function walkWithTerraform(steps: number): Promise<void> {
  const seed = walkSeed();
  const binary = findEngine("terraform") ?? findEngine("tofu");
  it.skipIf(binary === null)("what Terraform planned is what it finds, from any declaration to any other", async () => {
    const ground = await makeGround(await scratch("walk"));
    await using host = MachineHost.at(ground.folder);
    vi.stubEnv("GUESTKIT_RUNTIME_DIR", join(host.folder, "run"));
    await walkTerraform(binary ?? "", palettes(ground), host.folder, seed, steps);
  });
}
