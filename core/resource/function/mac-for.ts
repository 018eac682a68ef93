import type { QueryImplementation } from "../../engine/implementation.ts";
import { derivedMac } from "../../machine/macs.ts";

export const macFor: QueryImplementation = {
  read: async ({ machine, network }) => ({ mac: derivedMac(String(machine), String(network)) }),
};
