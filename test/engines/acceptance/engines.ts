import { execa } from "execa";
import { findEngine } from "../../support/engines.ts";
import { ansibleDriver } from "./ansible-driver.ts";
import type { Driver, Run, Subject } from "./driver.ts";
import { pulumiDriver } from "./pulumi-driver.ts";
import { terraformDriver } from "./terraform-driver.ts";
import { yamlDriver } from "./yaml-driver.ts";

/** An engine that may be there; `open` sets it up in a folder, with further environment for all that it runs. */
export interface Candidate {
  readonly name: string;
  /** Null where it is not installed. */
  readonly binary: string | null;
  readonly open: (subject: Subject, folder: string, env?: Readonly<Record<string, string>>) => Promise<Driver>;
}

const running =
  (surroundings: Readonly<Record<string, string>>): Run =>
  async (file, args, { cwd, env }) => {
    const all = { env: { ...surroundings, ...env }, all: true, reject: false, stdin: "ignore" } as const;
    const run = await execa(file, args, { cwd, ...all });
    return { code: run.exitCode ?? -1, stdout: run.stdout, text: run.all };
  };

type Open = (binary: string, subject: Subject, folder: string, run: Run) => Promise<Driver>;

function candidate(name: string, program: string, open: Open): Candidate {
  const binary = program === "guestkit" ? program : findEngine(program);
  return {
    name,
    binary,
    open: (subject, folder, env = {}) => open(binary ?? program, subject, folder, running(env)),
  };
}

/** Every face that carries declarations out. */
export const candidates: readonly Candidate[] = [
  candidate("guestkit.yaml", "guestkit", (_, subject, folder, run) => yamlDriver(subject, folder, run)),
  candidate("terraform", "terraform", (...given) => terraformDriver("terraform", ...given)),
  candidate("tofu", "tofu", (...given) => terraformDriver("tofu", ...given)),
  candidate("ansible", "ansible-playbook", ansibleDriver),
  candidate("pulumi", "pulumi", pulumiDriver),
];
