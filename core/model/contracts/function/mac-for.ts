import { z } from "zod";
import { pureFunction } from "../../declare.ts";

export const macFor = pureFunction({
  name: "mac_for",
  since: "0.2.0",
  summary: "The hardware address that a machine's network has by its name.",
  description:
    "It is the one that guestkit gives a network whose mac is left out: known before the machine is there, as a DHCP reservation needs it.",
  input: z.object({
    machine: z.string().min(1).describe("The machine's name."),
    network: z.string().min(1).describe("The key of its network."),
  }),
  output: z.object({ mac: z.string().describe("The address: 52:54:00:xx:xx:xx.") }),
  examples: [{ title: "Of the first network of web", input: { machine: "web", network: "net0" } }],
});
