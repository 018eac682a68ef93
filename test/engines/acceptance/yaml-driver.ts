import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { GUESTKIT_PROGRAM } from "../../support/cli.ts";
import type { Action, Declared, Driver, Outcome, Run, Subject } from "./driver.ts";

interface Shown {
  readonly changes: readonly { readonly address: string; readonly action: Action }[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** guestkit's own engine over a guestkit.yaml. */
export async function yamlDriver(subject: Subject, folder: string, run: Run): Promise<Driver> {
  await mkdir(folder, { recursive: true });
  const guestkit = (...args: string[]) => run(GUESTKIT_PROGRAM, args, { cwd: folder });
  const declare = (declared: Declared | null) =>
    writeFile(join(folder, "guestkit.yaml"), stringify(project(subject, declared)));
  const planned = async (declared: Declared | null): Promise<Outcome> => {
    await declare(declared);
    const { code, stdout, text } = await guestkit("plan", "--json");
    if (code !== 0) return { ok: false, action: null, text };
    const { changes } = JSON.parse(stdout) as Shown;
    const change = changes.find((each) => each.address.startsWith(`${subject.contract}.`));
    return { ok: true, action: change?.action ?? "none", text };
  };
  const plan = async (declared: Declared | null): Promise<Outcome> => {
    const outcome = await planned(declared);
    return { ...outcome, text: (await guestkit("plan")).text };
  };
  return {
    name: "guestkit.yaml",
    plan,
    apply: async (declared) => {
      const { action } = await planned(declared);
      const { code, text } = await guestkit("apply", "--auto-approve");
      return { ok: code === 0, action, text };
    },
    adopt: async (declared, id) => {
      await declare(declared);
      await rm(join(folder, ".guestkit"), { recursive: true });
      for (const contract of Object.keys(declared)) {
        const own = contract === subject.contract ? id : String(declared[contract]?.path);
        const { code, text } = await guestkit("import", `${contract}.it`, own);
        if (code !== 0) return { ok: false, action: null, text };
      }
      return plan(declared);
    },
    // People are shown long values cut short: those of an apply with nothing to do are whole.
    outputs: async () => (JSON.parse((await guestkit("apply", "--auto-approve", "--json")).stdout) as Shown).outputs,
  };
}

function project({ queries, outputs }: Subject, declared: Declared | null): object {
  if (!declared) return { version: 1, resources: {} };
  return { version: 1, resources: called(declared), queries: called(queries), outputs };
}

const called = (things: Declared) =>
  Object.fromEntries(Object.entries(things).map(([contract, it]) => [contract, { it }]));
