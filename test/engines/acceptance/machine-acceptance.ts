import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { candidates } from "./engines.ts";
import { machineScenario, machineSubject } from "./machine-scenario.ts";

/**
 * The scenario of a machine through one face, by its name; each is a file of the slow run. What the default run holds of
 * machines is in the faces' own tests.
 */
export function machineAcceptance(face: string): void {
  const candidate = candidates.find(({ name }) => name === face);
  if (!candidate) throw new Error(`there is no face "${face}"`);
  const { binary, open } = candidate;
  describe(`one machine through ${face}`, () => {
    let host: MachineHost;
    beforeAll(async () => {
      host = await MachineHost.open();
    });
    afterAll(() => host[Symbol.asyncDispose]());

    it.skipIf(!binary)("is brought up, changed in place, seen again, protected, adopted and removed", async () => {
      const driver = await open(machineSubject, join(host.folder, "engine"), host.env);
      try {
        await machineScenario(driver, host);
      } catch (error) {
        console.error(await host.consoles());
        throw error;
      }
    });
  });
}
