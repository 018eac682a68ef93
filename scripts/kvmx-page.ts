/** docs/kvmx.md, from the importer's own keys and the table of commands. */
import { keyGroups } from "../core/kvmxfile/keys/index.ts";
import { commandGroups } from "./kvmx-commands.ts";

const HEAD = `# Coming from kvmx

guestkit.yaml has the kvmxfile's role: a text file beside your project that says what the machine is. The difference is that it declares: \`guestkit plan\` tells what an \`apply\` would do, and drift is seen.

\`\`\`sh
cd ~/vm/web                  # where the kvmxfile lies
guestkit import-kvmxfile     # writes guestkit.yaml, and tells what became of each line
guestkit plan                # what would be made
guestkit apply
\`\`\`

A kvmxfile is a shell script, and the importer is no shell: it takes plain assignments, with quotes, variables of earlier lines, \`$HOME\`, \`$USER\` and \`$VM\`, and runs nothing. A value that a command prints, a condition, a function are named with their line. So is whatever has no field here, with what to do instead. The exit code is 2 where something is left to do, and 0 where nothing is. \`--json\` tells the same to programs: \`{format_version, output, name, complete, keys: [{key, line, status, fields, why, instead}], unread: [{line, word, keys, why}]}\`, where \`status\` is \`translated\`, \`partly\`, \`not_needed\` or \`untranslated\`.

The image is built anew from packages. \`--keep-image\` goes on with the one that kvmx has made (\`image\`, or \`~/.local/share/kvmx/NAME/box.img\`); so does a \`basebox\`, whose image is used where it lies. Such images let in the key that kvmx has for them: set \`ssh.private_key\` to it. Keys that a kvmxfile leaves to kvmx's own defaults have guestkit's.

[examples/kvmx](../examples/kvmx/README.md) has the files of a whole day.

## Like Qubes

*Option 1*: \`template_vm: debian\` (or \`base: debian.qcow2\`) gives a machine the disks of another one as fresh overlays at every start. What is to stay lies in shares and data disks. It does not start while the template runs, nor the template while overlays lean on it; an upgraded template is announced (\`template_upgraded\`) and taken up at the next start. \`backing_file: false\` copies whole, \`recreate_overlay: never\` keeps the overlay.

*Option 2*: \`snapshot_mode: true\` forgets whatever was written to any disk (QEMU's \`-snapshot\`); the base's content never changes.

\`\`\`yaml
version: 1
resources:
  virtual_machine:
    work:
      name: work
      template_vm: debian
      shares:
        home: { path: ./home, mount: /home/user }
\`\`\`

\`guestkit vm disposable debian\` is the same for a moment: when it ends, nothing of it remains.

`;

const TAIL = `## What is not checked

The keys are those of kvmxfiles that are in use, and those marked * of kvmx's own list of ideas, which no kvmxfile in use is known to have: they are taken as that list means them. Commands are told by their names as kvmx's users know them and, where marked *, by that list; this page was written without kvmx at hand, so that a command's finer points may differ, and some may be missing.
`;

const cell = (text: string) => text.replaceAll("|", "\\|");
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |\n`;
const table = (titles: readonly string[], rows: readonly string[]) =>
  `${row(...titles)}${row(...titles.map(() => "---"))}${rows.join("")}`;
const named = (name: string, isIdea: boolean) => `\`${name}\`${isIdea ? " *" : ""}`;

export function kvmxPage(): string {
  const keys = keyGroups.map(({ title, keys: group }) => {
    const rows = group.map(({ name, ours, about, idea }) => row(named(name, idea === true), ours, about));
    return `### ${title}\n\n${table(["kvmxfile", "guestkit.yaml", ""], rows)}`;
  });
  const commands = commandGroups.map(({ title, commands: group }) => {
    const rows = group.map(({ command, ours, about, idea }) => row(named(command, idea === true), ours, about));
    return `### ${title}\n\n${table(["kvmx", "guestkit", ""], rows)}`;
  });
  return `${HEAD}## Keys\n\nFields without a resource are those of \`virtual_machine\`.\n\n${keys.join("\n")}\n## Commands\n\n${commands.join("\n")}\n${TAIL}`;
}
