import type { WaitFor } from "../../../machine/machine.ts";
import { agent } from "./agent.ts";
import { cloudInit } from "./cloud-init.ts";
import type { Condition } from "./condition.ts";
import { consoleText } from "./console.ts";
import { none } from "./none.ts";
import { port } from "./port.ts";
import { ssh } from "./ssh.ts";

export const CONDITIONS: Readonly<Record<WaitFor["condition"], Condition>> = {
  agent,
  ssh,
  cloud_init: cloudInit,
  port,
  console: consoleText,
  none,
};
