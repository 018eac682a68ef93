/** docs/requirements.md, from the table of programs that guestkit runs. */
import type { Tool } from "../core/host/program/tools.ts";

/** What doctor looks for that is no program on PATH. */
const FILES: readonly Pick<Tool, "command" | "package" | "purpose">[] = [
  { command: "OVMF firmware", package: "ovmf", purpose: "run machines that boot by UEFI" },
  { command: "EFI stub", package: "systemd-boot-efi", purpose: "bootstrap images that boot by UEFI" },
  { command: "virtiofsd", package: "virtiofsd (Debian 13)", purpose: "share folders by virtiofs" },
];

const SETS = {
  "Images: create, convert, grow, files inside": ["qemu-utils", "e2fsprogs", "dosfstools", "mtools", "fakeroot"],
  "Machines: run, log in, share": ["qemu-system-x86", "ovmf", "openssh-client", "passt", "swtpm", "rsync"],
  "Bootstrapping Debian": ["mmdebstrap", "uidmap", "systemd-boot-efi"],
} as const;

export function requirementsPage(tools: readonly Tool[]): string {
  return `# What a host needs

- **To look into images** (\`inspect\`, \`ls\`, \`cat\`, \`cp\`, \`tar\`, \`packages\`, \`info\`): Node 24 or later and nothing else. \`npm run cli:install\` and \`npm run provider:install\` bring a Node that fits; the [executable and the Debian package](install.md) have it inside.
- **Linux**, x86-64 or arm64. KVM where there is any (\`/dev/kvm\`, group \`kvm\`); without it guests run some ten times slower, and everything works.
- **No root**: an ordinary user with subordinate ids (\`/etc/subuid\`, \`/etc/subgid\`) bootstraps images by user namespaces. Root is needed for NFS shares and bridges alone.
- **For the rest, programs of the distribution**, each only for what is declared. What is missing is named where it is needed, with the package that brings it; \`guestkit doctor\` tells all of it, and what each is for.

On Debian and its kin, by what is wanted:

\`\`\`sh
${Object.entries(SETS)
  .map(([title, packages]) => `# ${title}\nsudo apt-get install --no-install-recommends ${packages.join(" ")}`)
  .join("\n")}
\`\`\`

What the tests need beyond that stands in [CONTRIBUTING.md](../CONTRIBUTING.md).

| program | Debian's package | to |
| --- | --- | --- |
${[...tools, ...FILES].map(row).join("")}`;
}

function row(each: Pick<Tool, "command" | "package" | "purpose"> & { readonly optional?: boolean }): string {
  return `| \`${each.command}\` | ${each.package} | ${each.purpose}${each.optional === false ? " (always)" : ""} |\n`;
}
