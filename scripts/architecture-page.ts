/** docs/architecture.md, from the dependency rule itself. */
import { FACES, LAYERS, PURE, SPAWNING } from "./layers.ts";

/** What each layer holds, in a line. One without a line here fails the generator. */
const HOLDS: Readonly<Record<string, string>> = {
  kit: "bytes, structs, errors, budgets, sizes: no domain",
  grpc: "gRPC over HTTP/2 and protobuf by tables, for the faces whose engines speak it",
  source: "where bytes come from: files, memory, windows, caches",
  luks: "LUKS headers, their keys, and sectors deciphered, for the formats and volumes that bear them",
  format: "disk image formats: from a source to the bytes that a guest sees",
  volume: "partition tables",
  filesystem: "file systems, read-only",
  guest: "one kind of fact a file: release, packages, users, services, network",
  redo: "changes in place that a kill cannot tear: logs, and what they are worth",
  disk: "an image opened down to its file systems: table, volumes, what is in each",
  inspect: "roots, mounts and facts, gathered into one report",
  diff: "what differs between two images: reports, files, renames",
  sbom: "lists of an image's software, as CycloneDX and SPDX",
  check: "rules over what is in an image, and whether they hold",
  archive: "tar out of a tree",
  copy: "copying out of a tree, onto a host",
  model: "the contracts: what can be declared, with every field's policy; no I/O",
  kvmxfile: "kvmxfiles, translated",
  host: "folders, locks, trust, writes, programs and settings of this host",
  engine: "validate, observe, plan, apply over a contract; records and the journal",
  project: "guestkit.yaml over the engine; knows no contract by name",
  qemu: "QEMU itself and how to speak with it: emulator, accelerator, firmware, options, monitor, agent, processes; no machine of ours",
  appliance: "a small guest for what only a kernel can do: its kernel and initramfs, jobs with disks, their reports",
  build: "images made and edited by the tools of QEMU and the distributions",
  machine: "what one machine is: declaration, folder, disks, memory, record of a start, names, addresses",
  seed: "cloud-init's medium",
  communicator: "reaching into a guest by SSH or agent: commands, copies, scripts, provisioning",
  share: "folders of the host in a guest",
  preflight: "judging an image before it boots",
  lifecycle: "arguments, launch, start, stop, readiness, looks, snapshots, templates, usage, daily verbs",
  disposable: "machines of which nothing remains, and cleaning files in one",
  ci: "signed jobs from a repository",
  resource: "one file or folder a contract: binds it to the operations",
  remote: "an engine on another host, by ssh: brought there, spoken with",
  rpc: "the engine as JSON-RPC over a pair of streams, both ends of it",
};

export function architecturePage(): string {
  return `# Architecture

A thing is declared once, as a contract; one core makes it real; every face is generic over the contracts. A new resource is one contract and one implementation, and no line in any face.

\`\`\`
   Terraform   Pulumi   Ansible   command line, guestkit.yaml, rpc        faces: generic, thin
          \\        \\       |       /
           engine: validate -> observe -> plan -> apply
                          |
             contracts: disk_image, virtual_machine, inspection, ...
                          |
      operations:  inspect   build   lifecycle   disposable   ci
                          |
 read path:  source -> format -> volume -> filesystem -> disk -> guest -> report
\`\`\`

## Layers

Data flows one way. This page is made from the rule that the linter enforces (\`scripts/layers.ts\`); a test holds that no import crosses it.

| folder | holds | imports |
| --- | --- | --- |
${Object.entries(LAYERS).map(row).join("")}
Faces (${FACES.map((each) => `\`${each}/\``).join(", ")}) import the core's public index, and never one another. Kinds of one layer (two formats, two file systems) never import one another either.

- **Pure**: ${list(PURE)} use nothing of Node and no package: they run in a browser as well.
- **Programs are started** in ${list(SPAWNING)} alone.

## What happens in a plan and an apply

1. *Validate*: the declaration against its contract; spellings are normalised in one place.
2. *Observe*: the world itself is read (the image, the running QEMU), not a state. What cannot be read back (which recipe made this image) stands in a small record beside the thing.
3. *Plan*: a pure function of what was observed and what is wanted gives \`none\`, \`create\`, \`update\`, \`replace\` or \`delete\`, with each path and why. Every face shows this same plan.
4. *Apply*: under the thing's lock, beside its place, synced, renamed, read back. A kill leaves the old or the new; a rerun converges.

Why it is so: [decisions](decisions). Who may write what: [security.md](security.md). Kills and power losses: [crash-bed.md](crash-bed.md).
`;
}

function row([name, imports]: readonly [string, readonly string[]]): string {
  const holds = HOLDS[name];
  if (holds === undefined) throw new Error(`scripts/architecture-page.ts: say what core/${name} holds`);
  return `| \`core/${name}\` | ${holds} | ${imports.join(", ") || "nothing"} |\n`;
}

function list(layers: readonly string[]): string {
  return layers.map((each) => `\`${each}\``).join(", ");
}
