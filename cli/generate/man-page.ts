import type { Command } from "../command/command.ts";
import { EXIT_CODES, help } from "../command/help.ts";

/** guestkit(1) in roff's man macros: each verb with its own help. */
export function manPage(commands: readonly Command[], version: string): string {
  return `.TH GUESTKIT 1 "" "guestkit ${version}"
.SH NAME
guestkit \\- disk images and QEMU virtual machines as declared infrastructure
.SH SYNOPSIS
.B guestkit
.I VERB
.RI [ OPTIONS ]\\ ...
.SH DESCRIPTION
Creates, inspects, edits and provisions disk images and virtual machines, without root, a daemon or an appliance.
.B guestkit doctor
tells what this host can and cannot do;
.B guestkit VERB \\-\\-help
shows what stands here of a verb.
.SH VERBS
${commands.map(section).join("")}.SH EXIT STATUS
${EXIT_CODES}.
.SH ENVIRONMENT
.BR GUESTKIT_DATA_DIR ,
.BR GUESTKIT_CACHE_DIR ,
.B GUESTKIT_RUNTIME_DIR
name guestkit's own folders;
.B GUESTKIT_LOG
(error, warn, info, debug, trace) adds log lines;
.B GUESTKIT_ACCEL
and
.B GUESTKIT_MIRROR
choose QEMU's accelerator and the distribution's mirror;
.B GUESTKIT_HOST
is the host that verbs run on, as \\-\\-host says it, and
.B GUESTKIT_REMOTE_INSTALL=false
brings guestkit to no host.
`;
}

function section(command: Command): string {
  const lines = help(command).trimEnd().split("\n").map(line);
  return `.SS ${escaped(command.name)}\n.nf\n${lines.join("\n")}\n.fi\n`;
}

/** A line as it stands: one that begins with a dot or a quote would be a macro's. */
function line(text: string): string {
  const plain = escaped(text);
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}

/** groff_char(7): a hyphen that can be copied, and signs with a meaning of their own. */
function escaped(text: string): string {
  return text
    .replaceAll("\\", "\\[rs]")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\[aq]")
    .replaceAll("`", "\\[ga]")
    .replaceAll("^", "\\[ha]")
    .replaceAll("~", "\\[ti]");
}
