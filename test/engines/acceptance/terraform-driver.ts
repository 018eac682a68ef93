import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ValueObject } from "../../../core/model/value.ts";
import { repository } from "../../support/engines.ts";
import type { Action, Driver, Outcome, Run } from "./driver.ts";

const ACTIONS: Readonly<Record<string, Action>> = {
  "no-op": "none",
  create: "create",
  update: "update",
  delete: "delete",
  "delete,create": "replace",
  "create,delete": "replace",
};

interface ShownPlan {
  readonly resource_changes?: readonly {
    readonly type: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** terraform or tofu, with the provider installed into a mirror of its own. */
export async function terraformDriver(name: string, binary: string, folder: string, run: Run): Promise<Driver> {
  const mirror = join(folder, "mirror");
  const project = join(folder, "project");
  const rc = join(folder, "terraformrc");
  await mkdir(project, { recursive: true });
  const env = { TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const terraform = (...args: string[]) => run(binary, args, { cwd: project, env });
  const installed = await run("sh", [join(repository, "scripts/provider-install"), mirror], { cwd: folder });
  if (installed.code !== 0) throw new Error(installed.text);
  await writeFile(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);

  const declare = async (declared: ValueObject | null) => {
    await writeFile(join(project, "main.tf.json"), JSON.stringify(configuration(declared)));
    await terraform("init", "-no-color", "-input=false");
  };
  const plan = async (declared: ValueObject | null): Promise<Outcome> => {
    await declare(declared);
    const saved = join(project, "saved.plan");
    await rm(saved, { force: true });
    const { code, text } = await terraform("plan", "-no-color", "-input=false", `-out=${saved}`);
    if (code !== 0) return { ok: false, action: null, text };
    const shown = JSON.parse((await terraform("show", "-json", saved)).stdout) as ShownPlan;
    return { ok: true, action: actionOf(shown), text };
  };
  return {
    name,
    plan,
    apply: async (declared) => {
      const planned = await plan(declared);
      if (!planned.ok) return planned;
      const { code, text } = await terraform("apply", "-no-color", "-input=false", join(project, "saved.plan"));
      return { ok: code === 0, action: planned.action, text };
    },
    inspected: async () => {
      const state = JSON.parse(await readFile(join(project, "terraform.tfstate"), "utf8")) as {
        outputs: Record<string, { value: unknown }>;
      };
      return { distro: state.outputs.distro?.value, hostname: state.outputs.hostname?.value };
    },
  };
}

function actionOf(plan: ShownPlan): Action {
  const change = plan.resource_changes?.find((each) => each.type === "guestkit_disk_image");
  return ACTIONS[change?.change.actions.join(",") ?? "no-op"] ?? "none";
}

function configuration(declared: ValueObject | null): object {
  const terraform = { required_providers: { guestkit: { source: "guestkit/guestkit" } } };
  if (!declared) return { terraform };
  return {
    terraform,
    resource: { guestkit_disk_image: { image: declared } },
    data: { guestkit_inspection: { image: { disk_image: "${guestkit_disk_image.image.id}" } } },
    output: {
      distro: { value: "${data.guestkit_inspection.image.distro}" },
      hostname: { value: "${data.guestkit_inspection.image.hostname}" },
    },
  };
}
