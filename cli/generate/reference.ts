import { SYSTEM_ERRORS } from "@guestkit/core/kit";
import type { Command } from "../command/command.ts";
import { help } from "../command/help.ts";

const head = (): string => `# The command line

\`guestkit VERB [OPTIONS] ...\`. This page is generated from the verbs' own help.

## Exit codes

| code | |
|---|---|
| 0 | done |
| 1 | failed |
| 2 | there are changes (\`plan --detailed-exitcode\`), something differs (\`diff\`), a rule does not hold (\`check\`), a fault was found (\`vm check\`), something is left to do (\`import-kvmxfile\`) or could not be scanned (\`vm clamav\`) |
| 64 | the command line makes no sense |
| 124 | a machine was not done in time (\`vm foreach\`) |
| 125 | guestkit itself failed while running a command in a guest |
| 126, 127 | as in a shell: the guest's command cannot be run, is not there |
| 130 | interrupted |
| 141 | whoever read the output went away (\`guestkit ls ... | head\`) |
| 255 | ssh cannot log in to another host (\`--host\`) or to a machine (\`vm ssh\`), or the line broke: its own words stand above |

## Output

Answers go to standard output; progress, notes and errors to standard error. With \`--json\`, lists (\`ls\`, \`packages\`, \`diff\`: their help says so) are one object a line and single answers are one document; an error is \`{"error": {"code", "message", "help", "at", "cause"}}\` on standard error. \`code\` is stable. \`GUESTKIT_LOG\` (error, warn, info, debug, trace) adds log lines in JSON to standard error.

On a terminal progress is shown as bars; in a pipe each new phase is a line.

## What the system refuses

An error of the system has the code \`E_SYSTEM_\` and the system's own name for it, by every face. It names the file, and a next step. A program that meets a limit of this host (marked *) ends with the same code, and with what it printed.

| code | what is so | next step |
|---|---|---|
${systemRows()}

A cache, or a journal of progress, that cannot be written stops nothing: \`GUESTKIT_LOG=warn\` tells of it. What is no fault of the input, the host or a program is \`E_INTERNAL\`, and a fault in guestkit: please report it.

## Two commands at once

Two commands that change one thing wait for one another, 10 seconds at most: then the second fails with \`E_LOCKED\`, which names the first. \`--lock-timeout SECONDS\` (0 does not wait), or \`GUESTKIT_LOCK_TIMEOUT\` for every face, says how long. A killed command holds nothing up.

Reading takes no lock: what changes meanwhile is read anew, and where that does not help the command fails with \`E_IMAGE_CHANGING\`. What \`cat\`, \`cp\`, \`ls\` and \`tar\` wrote before that is of the image as it was; an archive or a text is cut off there, a copied file is whole or not there.

## Names that are no UTF-8

File names inside an image are bytes. In JSON, \`path\` and \`target\` are their text with U+FFFD in place of what is no UTF-8, and then \`path_base64\` and \`target_base64\` hold the bytes themselves. \`--path-base64\` takes such a path back:

    guestkit cat disk.qcow2 --path-base64 "$(guestkit ls -R --json disk.qcow2 | jq -r 'select(.path_base64).path_base64' | head -1)"

Plain output writes control characters, marks that turn the writing direction, and backslashes as \`\\x1b\`, \`\\u{202e}\` and \`\\\\\`; JSON escapes them. Nothing that an image holds reaches a terminal as a command.

## Archives

\`guestkit tar\` writes a pax archive with names relative to the folder (\`./etc/passwd\`). Extended attributes are \`SCHILY.xattr.*\`, access lists \`SCHILY.acl.*\` with numeric ids, files with large holes GNU's sparse format 1.0, and names that are no UTF-8 are raw with \`hdrcharset=BINARY\`. GNU tar needs \`--xattrs --xattrs-include='*' --acls\` to unpack all of it. Sockets, and names that no file can have, are left out and told on standard error.

\`guestkit cp -r\` copies only what a host can hold safely: links that lead out of the copied folder, devices, pipes and sockets are left out and told (\`--links all\` keeps every link as it is).

## Verbs
`;

function systemRows(): string {
  return Object.entries(SYSTEM_ERRORS)
    .map(([errno, { so, help, printed }]) => `| \`E_SYSTEM_${errno}\`${printed ? " *" : ""} | ${so} | ${step(help)} |`)
    .join("\n");
}

const step = (help: string): string => help.replaceAll("%", "FILE").replaceAll("@", "FOLDER").replaceAll("|", "\\|");

/** docs/cli.md. */
export function commandReference(commands: readonly Command[]): string {
  return `${head()}${commands.map((each) => `\n### ${each.name}\n\n\`\`\`\n${help(each)}\`\`\`\n`).join("")}`;
}
