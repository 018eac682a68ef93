/**
 * cloud-init joins `runcmd` to one script of sh, whose end is its last command's: what fails before goes unseen. So the
 * first entry makes the script end with the first failure, and each command is preceded by its own name, which is what
 * the failure is told with. cloud-init then counts the script as failed (`Runparts: 1 failures (runcmd)`), and the
 * line below stands in its output (console, /var/log/cloud-init-output.log).
 */
export const RUNCMD_FAILURE = "guestkit: runcmd";

const PRELUDE = [
  "set -e",
  "guestkit_step=",
  `trap 'guestkit_code=$?; [ $guestkit_code = 0 ] || echo "$guestkit_step failed with exit code $guestkit_code" >&2; exit $guestkit_code' EXIT`,
].join("\n");

/** Longest part of a command that names it in an error (characters). */
const SHOWN = 200;

/** Entries of `runcmd` for these commands. */
export function guardedCommands(commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return [];
  return [PRELUDE, ...commands.map((command, index) => `guestkit_step=${quote(nameOf(command, index))}\n${command}`)];
}

function nameOf(command: string, index: number): string {
  const [first = "", ...more] = command.trim().split("\n");
  const cut = first.length > SHOWN || more.length > 0;
  return `${RUNCMD_FAILURE}[${index}] (${first.slice(0, SHOWN)}${cut ? " ..." : ""})`;
}

/** A word of sh that stands for just this text. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
