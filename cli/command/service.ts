import type { Command } from "./command.ts";
import { json, jsonLines, LOCK_TIMEOUT } from "./options.ts";

const host = "This host";
const programs = "For programs and shells";

/** Verbs about this host, and those for programs and shells; `schemas` are the names of all that are published. */
export const serviceCommands = (schemas: readonly string[]): readonly Command[] => [
  {
    name: "doctor",
    group: host,
    summary: "Show what this host can and cannot do, and how to mend it",
    positionals: [],
    options: { json: json("doctor") },
    examples: [{ line: "guestkit doctor", note: "After an installation" }],
    load: () => import("../verb/doctor.ts"),
  },
  {
    name: "cache",
    group: host,
    summary: "Remove downloads and other things that nobody used for long",
    positionals: [{ name: "ACTION", description: "prune", choices: ["prune"] }],
    options: {
      "older-than": { kind: "value", placeholder: "DAYS", description: "Untouched for so many days (30)." },
      all: { kind: "flag", description: "Whatever its age." },
      "dry-run": { kind: "flag", description: "Tell what would be freed." },
      json: json("pruned"),
    },
    examples: [{ line: "guestkit cache prune --older-than 7", note: "Keep a week" }],
    load: () => import("../verb/cache.ts"),
  },
  {
    name: "progress",
    group: host,
    summary: "Follow what guestkit does now, also when Terraform shows nothing",
    positionals: [],
    options: {
      once: { kind: "flag", description: "Show what runs and end." },
      wait: { kind: "flag", description: "Go on when nothing runs." },
      json: jsonLines("progress"),
    },
    examples: [{ line: "guestkit progress", note: "In a second terminal, beside terraform apply" }],
    load: () => import("../verb/progress.ts"),
  },
  {
    name: "rpc",
    group: programs,
    summary: "Serve JSON-RPC 2.0 on standard input and output, one message a line",
    details: "What Ansible modules and other programs speak; docs/rpc.md describes it.",
    positionals: [],
    options: { "lock-timeout": LOCK_TIMEOUT },
    prints: [{ schema: "rpc-message" }],
    examples: [
      {
        line: `echo '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocol":1}}' | guestkit rpc`,
        note: "Versions and contracts",
      },
    ],
    graceful: true,
    load: () => import("../verb/rpc.ts"),
  },
  {
    name: "completion",
    group: programs,
    summary: "Print a shell's completion script",
    positionals: [{ name: "SHELL", description: "bash, zsh or fish.", choices: ["bash", "zsh", "fish"] }],
    options: {},
    examples: [
      { line: 'eval "$(guestkit completion bash)"', note: "In ~/.bashrc" },
      { line: "guestkit completion fish > ~/.config/fish/completions/guestkit.fish", note: "For fish" },
    ],
    load: () => import("../verb/completion.ts"),
  },
  {
    name: "schema",
    group: programs,
    summary: "Print the JSON Schema of what guestkit reads and prints, for editors and programs",
    details:
      "Of the files guestkit.yaml, ci-job and check-rules, of what a verb prints with --json (its help names it), of every contract's\nanswer, and of the messages of rpc.",
    positionals: [
      {
        name: "NAME",
        description: "Whose; guestkit.yaml where left out.",
        choices: schemas,
        optional: true,
      },
    ],
    options: {},
    examples: [
      {
        line: "guestkit schema > guestkit.schema.json",
        note: "For: # yaml-language-server: $schema=./guestkit.schema.json",
      },
      { line: "guestkit schema inspection | jq -r '.properties | keys[]'", note: "What does a report tell?" },
    ],
    load: () => import("../verb/schema.ts"),
  },
  {
    name: "version",
    group: programs,
    summary: "Show the version",
    positionals: [],
    options: { json: json("version") },
    examples: [{ line: "guestkit version --json", note: "For scripts" }],
    load: () => import("../verb/version.ts"),
  },
];
