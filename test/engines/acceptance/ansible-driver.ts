import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { moduleName } from "../../../ansible/emit/option.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { ControlNode, type TaskResult } from "../../support/ansible.ts";
import type { Action, Declared, Driver, Outcome, Run, Subject } from "./driver.ts";
import { ansibleNames, referenceOf, withReferences } from "./names.ts";

type Results = Readonly<Record<string, TaskResult>>;

/** ansible-playbook with the collection; a plan is a run in check mode with --diff. */
export async function ansibleDriver(playbook: string, subject: Subject, folder: string, run: Run): Promise<Driver> {
  await mkdir(folder, { recursive: true });
  const node = new ControlNode(folder, playbook);
  await node.install();
  let last: Declared = {};

  const play = async (declared: Declared | null, flags: readonly string[]): Promise<Outcome> => {
    last = declared ?? last;
    const tasks = declared ? [...present(declared), ...asked(subject)] : absent(last);
    await rm(node.kept, { force: true });
    await writeFile(join(folder, "site.yml"), stringify(site(tasks)));
    const { text } = await run(playbook, [join(folder, "site.yml"), ...flags], { cwd: folder, env: node.env });
    const { [subject.contract]: own } = await node.results();
    if (!own) return { ok: false, action: null, text };
    const ok = own.failed !== true;
    return { ok, action: ok ? (own.action as Action) : null, text };
  };
  const apply = (declared: Declared | null) => play(declared, []);
  return {
    name: "ansible",
    plan: (declared) => play(declared, ["--check", "--diff"]),
    apply,
    // There is no state to forget, and a thing is known by its name alone.
    adopt: apply,
    outputs: async () => {
      const results = await node.results();
      return Object.fromEntries(Object.entries(subject.outputs).map(([name, text]) => [name, field(results, text)]));
    },
  };
}

/** A resource's fields lie under its contract's name, a query's are the result's own. */
function field(results: Results, text: string): unknown {
  const reference = referenceOf(text);
  const result = results[reference.contract];
  const state = (result?.[reference.contract] ?? result) as ValueObject | undefined;
  return state?.[reference.field];
}

interface Task {
  readonly register: string;
  readonly [key: string]: unknown;
}

function present(declared: Declared): readonly Task[] {
  return Object.entries(declared).map(([name, value]) => {
    const contract = contractOf(name, "resource");
    return task(name, moduleName(contract), ansibleNames(contract.input, value));
  });
}

/** What stands on others goes first. */
function absent(declared: Declared): readonly Task[] {
  const tasks = Object.entries(declared).map(([name, value]) => {
    const contract = contractOf(name, "resource");
    const identity = contract.identity.map((each) => [each, value[each]]);
    return task(name, moduleName(contract), { ...Object.fromEntries(identity), state: "absent" });
  });
  return tasks.toReversed();
}

function asked({ queries, contract: own }: Subject): readonly Task[] {
  return Object.entries(queries).map(([name, value]) => {
    const contract = contractOf(name, "query");
    const made = `not ansible_check_mode and it_${own} is not failed`;
    return { ...task(name, moduleName(contract), ansibleNames(contract.input, value)), when: made };
  });
}

function task(name: string, module: string, args: ValueObject): Task {
  const written = withReferences(args, (reference) => `{{ it_${reference.contract}.${reference.field} }}`);
  return { name, [`guestkit.guestkit.${module}`]: written, register: `it_${name}`, ignore_errors: true };
}

const site = (tasks: readonly Task[]): object => [
  { hosts: "localhost", connection: "local", gather_facts: false, tasks },
];
