import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { faceBelongsHere } from "../../support/slow.ts";
import { candidates } from "./engines.ts";
import { machineScenario, machineSubject } from "./machine-scenario.ts";

describe.each(candidates.filter(({ name }) => faceBelongsHere(name, "terraform")))(
  "one machine through $name",
  ({ binary, open }) => {
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
  },
);
