import { z } from "zod";
import { action, address, hostPath, keyedBy, spelled } from "../../declare.ts";

export const since = "0.2.0";

export const jobName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, "letters, digits, dots, - and _, at most 63, a letter or digit first")
    .describe("The job's name on this host.");

const signers = z
  .object({
    allowed_signers: hostPath()
      .optional()
      .describe("Keys whose SSH signatures count: ALLOWED SIGNERS of ssh-keygen(1)."),
    revoked_keys: hostPath().optional().describe("Keys whose SSH signatures no longer count: KRL or public keys."),
    keyring: hostPath().optional().describe("Keys whose OpenPGP signatures count, as gpg --export writes them."),
    fingerprints: z
      .array(
        z
          .string()
          .regex(/^[0-9A-Fa-f ]{40,64}$/, "a whole fingerprint: 40 to 64 hexadecimal digits")
          .meta(spelled("fingerprint")),
      )
      .default([])
      .describe("Those keys of the keyring that count; all where left out."),
  })
  .describe("Whose signature a commit or tag must have. Files of this host, never of the repository.");

const check = z.object({
  name: z.string().min(1).describe("What the report calls it."),
  command: z.array(z.string()).min(1).describe("Program and arguments; no shell."),
  machine: z
    .string()
    .optional()
    .describe("The machine in which it runs; on this host, in the check-out, where left out."),
  exit_code: z.int().min(0).max(255).default(0).describe("The exit code that it must have."),
  timeout: z.int().min(1).default(60).describe("Seconds that the command may take."),
});

const timeouts = z
  .object({
    fetch: z.int().min(1).default(300).describe("Seconds for fetching and verifying."),
    apply: z.int().min(1).default(7200).describe("Seconds for an apply."),
    machine: z.int().min(1).default(3600).describe("Seconds for recycling or provisioning one machine."),
  })
  .describe("How long the parts of a run may take.");

/** What a job's file says; `ci_job` writes one. */
const declaration = {
  repository: z
    .string()
    .min(1)
    .meta({
      ...spelled("repository"),
      ...address(
        "Put them into ~/.netrc (machine HOST login NAME password WORD; chmod 600) or git's credential helper, or use SSH (ssh://, HOST:PATH).",
      ),
    })
    .describe("URL (https, http, ssh, git, file) without a password, HOST:PATH, or a path of this host."),
  ref: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_./+-]*$/, "letters, digits and _ . / + -, a letter or digit first")
    .default("main")
    .describe("Branch or tag: main, v1.2, refs/heads/main, refs/tags/v1.2."),
  signers,
  allow_rewind: z
    .boolean()
    .default(false)
    .describe("Also take a commit that does not descend from the last accepted one."),
  project: z
    .string()
    .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$)).+$/, "a relative path that does not lead out of the repository")
    .default("guestkit.yaml")
    .describe("The project file within the repository."),
  apply: z.boolean().default(true).describe("Make everything as the project file declares it."),
  recycle: z
    .array(z.string())
    .default([])
    .describe(
      "Machines of the project that are made anew when there is a new commit: names, or patterns (*, ?) of those that it owns.",
    ),
  provision: z
    .array(z.string())
    .default([])
    .describe("Machines of the project whose steps run again when there is a new commit: likewise."),
  checks: z
    .array(check)
    .meta(keyedBy("name"))
    .default([])
    .describe("Commands that tell whether all is well, in order."),
  report: hostPath()
    .optional()
    .describe("Folder for status.json, index.html and the logs; in guestkit's data folder where left out."),
  keep: z.int().min(1).max(1000).default(20).describe("So many runs stay in the report."),
  timeouts: timeouts.optional(),
};

export const job = action({
  name: "ci_job",
  since,
  summary: "Declare a CI job of this host.",
  description:
    "Writes the job's file, which ci_run obeys. A file that somebody wrote by hand is left alone unless told otherwise.",
  input: z.object({
    job: jobName(),
    ...declaration,
    overwrite: z.boolean().default(false).describe("Replace a file that was not written by this."),
  }),
  output: z.object({ file: z.string().describe("The job's file.") }),
  examples: [
    {
      title: "Apply what the main branch of a repository declares, where a known key has signed it",
      input: {
        job: "nightly",
        repository: "https://git.example.org/hosts.git",
        signers: { allowed_signers: "/etc/guestkit/allowed_signers" },
        checks: [{ name: "web answers", machine: "web", command: ["curl", "-fsS", "http://localhost/"] }],
      },
    },
  ],
});
