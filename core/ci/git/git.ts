import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { partialBeside } from "../../host/partial.ts";
import { type RunResult, run } from "../../host/program/process.ts";
import { writeFile } from "../../host/write-file.ts";
import type { JobFolder } from "../folder.ts";
import type { Job } from "../job.ts";
import { type Repository, readRepository } from "./repository.ts";

export interface GitOptions {
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly accept?: readonly number[];
  readonly doing?: string;
  readonly encoding?: "latin1";
}

/** git over a job's mirror, obeying nothing but the job's own configuration. */
export type Git = (args: readonly string[], options: GitOptions) => Promise<RunResult>;

/** How a user lets git reach a server; everything else of git's environment is dropped. */
const KEPT = ["GIT_SSH", "GIT_SSH_COMMAND"];
const DROPPED = ["SSH_ASKPASS", "GNUPGHOME", "XDG_CONFIG_HOME", "EMAIL"];

/** Writes the configuration that git is to obey. */
export async function openGit(job: Job, folder: JobFolder): Promise<Git> {
  const repository = readRepository(job.repository, "/");
  const unset = Object.keys(process.env).filter(
    (name) => (name.startsWith("GIT_") && !KEPT.includes(name)) || DROPPED.includes(name),
  );
  await using partial = partialBeside(folder.gitConfig, "config");
  const helper = await helperOf(repository, unset);
  await writeFile(partial.path, await configText(job, repository, helper), { mode: 0o600 });
  await partial.publish();
  const ssh = KEPT.some((name) => process.env[name]) ? {} : { GIT_SSH_COMMAND: "ssh -oBatchMode=yes" };
  const env = {
    ...ssh,
    ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: folder.gitConfig, GIT_ATTR_NOSYSTEM: "1" },
    ...{ GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "/bin/false", SSH_ASKPASS: "/bin/false" },
    ...{ GIT_ALLOW_PROTOCOL: repository.protocol, GIT_NO_REPLACE_OBJECTS: "1", GIT_PROTOCOL_FROM_USER: "0" },
    // A repository of this host could have what it lacks fetched by a program of its own choice.
    ...{ GIT_OPTIONAL_LOCKS: "0", GIT_FLUSH: "1", GIT_NO_LAZY_FETCH: "1" },
  };
  return (args, options) =>
    run("git", ["--no-pager", `--git-dir=${folder.mirror}`, ...args], {
      ...options,
      unset,
      env: { ...env, ...options.env },
    });
}

/** What the user's own configuration asks for the login of an address (gitcredentials(7)); null where it is silent. */
async function helperOf({ address, protocol }: Repository, unset: readonly string[]): Promise<string | null> {
  if (protocol !== "https" && protocol !== "http") return null;
  const question = ["config", "--global", "--includes", "--get-urlmatch", "credential.helper", address];
  const { stdout } = await run("git", question, { unset, accept: [0, 1], cwd: "/" });
  return stdout.trim() || null;
}

/**
 * git-config(1). No hook, filter or monitor of anybody's, and no helper but that which the user has for this very address;
 * malformed objects are refused when fetched.
 */
async function configText({ signers }: Job, { path, address }: Repository, helper: string | null): Promise<string> {
  const safe = path === null ? [] : [path, join(path, ".git"), await realpath(path).catch(() => path)];
  const sections: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      "core",
      [
        ["hooksPath", "/dev/null"],
        ["attributesFile", "/dev/null"],
        ["excludesFile", "/dev/null"],
        ["fsmonitor", "false"],
        ["protectHFS", "true"],
        ["protectNTFS", "true"],
        ["commitGraph", "false"],
      ],
    ],
    [
      "fetch",
      [
        ["fsckObjects", "true"],
        ["recurseSubmodules", "false"],
        ["writeCommitGraph", "false"],
      ],
    ],
    // Faults of form that old programs left in many histories, and that harm nobody.
    [
      'fetch "fsck"',
      ["zeroPaddedFilemode", "badTimezone", "missingSpaceBeforeDate", "missingSpaceBeforeEmail"].map(
        (each) => [each, "ignore"] as const,
      ),
    ],
    ["submodule", [["recurse", "false"]]],
    ["gc", [["auto", "0"]]],
    ["maintenance", [["auto", "false"]]],
    ["credential", [["helper", ""]]],
    ...(helper === null ? [] : [[`credential ${quoted(address)}`, [["helper", helper]]] as const]),
    ["safe", safe.map((each) => ["directory", each] as const)],
    [
      'gpg "ssh"',
      [
        ["allowedSignersFile", signers.allowed_signers ?? "/dev/null"],
        ...(signers.revoked_keys ? [["revocationFile", signers.revoked_keys] as const] : []),
      ],
    ],
    ['gpg "x509"', [["program", "/bin/false"]]],
  ];
  return sections
    .map(([name, values]) => `[${name}]\n${values.map(([key, value]) => `\t${key} = ${quoted(value)}\n`).join("")}`)
    .join("");
}

const quoted = (value: string) => `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
