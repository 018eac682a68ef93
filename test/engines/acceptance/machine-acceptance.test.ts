import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { MachineHost } from "../../support/machine-host.ts";
import { candidates } from "./engines.ts";
import { machineScenario, machineSubject } from "./machine-scenario.ts";

/** Terraform tells what OpenTofu would: the whole of it for both is in the slow run. */
const short = (name: string) => name === "tofu" && process.env.GUESTKIT_SLOW !== "1";

describe.each(candidates)("one machine through $name", ({ name, binary, open }) => {
  let host: MachineHost;
  beforeAll(async () => {
    host = await MachineHost.open();
  });
  afterAll(() => host[Symbol.asyncDispose]());

  it.skipIf(!binary)("is brought up, changed in place, seen again, protected, adopted and removed", async () => {
    const driver = await open(machineSubject, join(host.folder, "engine"), host.env);
    try {
      await machineScenario(driver, host, short(name));
    } catch (error) {
      console.error(await host.consoles());
      throw error;
    }
  });
});
