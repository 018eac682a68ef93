import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { ValueObject } from "../../../core/model/value.ts";
import { repository } from "../../support/engines.ts";
import type { Action, Driver, Outcome, Run } from "./driver.ts";

interface ShownPlan {
  readonly changes: readonly { readonly address: string; readonly action: Action }[];
}

/** guestkit's own engine over a guestkit.yaml. */
export async function yamlDriver(folder: string, run: Run): Promise<Driver> {
  await mkdir(folder, { recursive: true });
  let inspection = "";
  const guestkit = (...args: string[]) => run(join(repository, "scripts/guestkit"), args, { cwd: folder });
  const declare = (declared: ValueObject | null) =>
    writeFile(join(folder, "guestkit.yaml"), stringify(project(declared)));
  const plan = async (declared: ValueObject | null): Promise<Outcome> => {
    await declare(declared);
    const machine = await guestkit("plan", "--json");
    const { text } = await guestkit("plan");
    if (machine.code !== 0) return { ok: false, action: null, text: machine.text + text };
    const shown = JSON.parse(machine.stdout) as ShownPlan;
    const change = shown.changes.find((each) => each.address.startsWith("disk_image."));
    return { ok: true, action: change?.action ?? "none", text };
  };
  return {
    name: "guestkit.yaml",
    plan,
    apply: async (declared) => {
      const planned = await plan(declared);
      if (!planned.ok) return planned;
      const { code, stdout, text } = await guestkit("apply", "--auto-approve");
      inspection = stdout;
      return { ok: code === 0, action: planned.action, text };
    },
    inspected: async () => ({
      distro: /^\s*distro\s*[=:]\s*"?(\w+)/m.exec(inspection)?.[1],
      hostname: /^\s*hostname\s*[=:]\s*"?(\w+)/m.exec(inspection)?.[1],
    }),
  };
}

function project(declared: ValueObject | null): object {
  if (!declared) return { version: 1, resources: {} };
  return {
    version: 1,
    resources: { disk_image: { image: declared } },
    queries: { inspection: { image: { disk_image: "${disk_image.image.id}" } } },
    outputs: { distro: "${inspection.image.distro}", hostname: "${inspection.image.hostname}" },
  };
}
