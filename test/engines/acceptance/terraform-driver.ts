import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ContractKind, contractOf } from "../../../core/model/index.ts";
import { typeName } from "../../../provider/schema/names.ts";
import { PROVIDER_INSTALLER } from "../../support/engines.ts";
import { terraformNames } from "../../support/terraform-names.ts";
import type { Action, Declared, Driver, Outcome, Run, Subject } from "./driver.ts";
import { withReferences } from "./names.ts";

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
export async function terraformDriver(
  name: string,
  binary: string,
  subject: Subject,
  folder: string,
  run: Run,
): Promise<Driver> {
  const mirror = join(folder, "mirror");
  const project = join(folder, "project");
  const rc = join(folder, "terraformrc");
  await mkdir(project, { recursive: true });
  const env = { TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const terraform = (...args: string[]) => run(binary, args, { cwd: project, env });
  const installed = await run(process.execPath, [PROVIDER_INSTALLER, mirror], { cwd: folder });
  if (installed.code !== 0) throw new Error(installed.text);
  await writeFile(rc, `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);

  let isReady = false;
  const declare = async (declared: Declared | null) => {
    await writeFile(join(project, "main.tf.json"), JSON.stringify(configuration(subject, declared)));
    // What is declared never changes which providers it needs.
    if (!isReady) isReady = (await terraform("init", "-no-color", "-input=false")).code === 0;
  };
  const type = typeName(contractOf(subject.contract, "resource"));
  const plan = async (declared: Declared | null): Promise<Outcome> => {
    await declare(declared);
    const saved = join(project, "saved.plan");
    await rm(saved, { force: true });
    const { code, text } = await terraform("plan", "-no-color", "-input=false", `-out=${saved}`);
    if (code !== 0) return { ok: false, action: null, text };
    const shown = JSON.parse((await terraform("show", "-json", saved)).stdout) as ShownPlan;
    const change = shown.resource_changes?.find((each) => each.type === type);
    return { ok: true, action: ACTIONS[change?.change.actions.join(",") ?? "no-op"] ?? "none", text };
  };
  return {
    name,
    plan,
    apply: async (declared) => {
      const planned = await plan(declared);
      if (!planned.ok) return planned;
      const { code, text } = await terraform("apply", "-no-color", "-input=false", join(project, "saved.plan"));
      return { ok: code === 0, action: planned.action, text: planned.text + text };
    },
    adopt: async (declared, id) => {
      await declare(declared);
      await terraform("state", "rm", `${type}.it`);
      const { code, text } = await terraform("import", "-no-color", "-input=false", `${type}.it`, id);
      return code === 0 ? plan(declared) : { ok: false, action: null, text };
    },
    outputs: async () => {
      const state = JSON.parse(await readFile(join(project, "terraform.tfstate"), "utf8")) as {
        outputs: Record<string, { value: unknown }>;
      };
      return Object.fromEntries(Object.entries(state.outputs).map(([each, { value }]) => [each, value]));
    },
  };
}

function configuration({ queries, outputs }: Subject, declared: Declared | null): object {
  const terraform = { required_providers: { guestkit: { source: "guestkit/guestkit" } } };
  if (!declared) return { terraform };
  const write = ({ contract, field }: { contract: string; field: string }) =>
    contract in queries
      ? `\${data.${typeName(contractOf(contract, "query"))}.it.${field}}`
      : `\${${typeName(contractOf(contract, "resource"))}.it.${field}}`;
  const output = Object.entries(outputs).map(([name, value]) => [name, { value }]);
  return withReferences(
    {
      terraform,
      resource: called(declared, "resource"),
      ...(Object.keys(queries).length > 0 && { data: called(queries, "query") }),
      output: Object.fromEntries(output),
    },
    write,
  );
}

function called(things: Declared, kind: ContractKind): object {
  const entries = Object.entries(things).map(([name, value]) => {
    const contract = contractOf(name, kind);
    return [typeName(contract), { it: terraformNames(contract.input, value) }];
  });
  return Object.fromEntries(entries);
}
