import type { Command } from "./command.ts";
import { JSON_OUTPUT } from "./options.ts";

/** Verbs for programs and shells. */
export const serviceCommands: readonly Command[] = [
  {
    name: "rpc",
    group: "For programs and shells",
    summary: "Serve JSON-RPC 2.0 on standard input and output, one message a line",
    details: "What Ansible modules and other programs speak; docs/rpc.md describes it.",
    positionals: [],
    options: {},
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
    name: "version",
    group: "For programs and shells",
    summary: "Show the version",
    positionals: [],
    options: { json: JSON_OUTPUT },
    examples: [{ line: "guestkit version --json", note: "For scripts" }],
    load: () => import("../verb/version.ts"),
  },
];
