/** Every verb that takes --json, run: what it prints is as its published schema and its published type have it. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../../cli/command/table.ts";
import { microMachine } from "../../support/declared.ts";
import { folder } from "../../support/disk.ts";
import { repository } from "../../support/engines.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { documentsIn } from "../../support/printed.ts";
import { run } from "../../support/tool.ts";
import { blankExt4 } from "./filled-image.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

const EXPORT = join(import.meta.dirname, "../../support/journals/export.py");
const SYSTEM = {
  "etc/os-release": "ID=debian\nVERSION_ID=12\n",
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
  "bin/sh": "\n",
  "etc/link": "\n",
  "var/lib/dpkg/status": "Package: bash\nStatus: install ok installed\nVersion: 5.2-1\nArchitecture: amd64\n\n",
};

/** In this order; a verb may come several times. What is not there is no fault of what is printed. */
const LINES = `
inspect old.raw
inspect --facts all old.raw
inspect old.raw new.raw absent.raw
packages old.raw
diff old.raw new.raw
check --profile hardened --profile golden-image old.raw
sbom old.raw
sbom --output list.json old.raw
logs new.raw
ls -R old.raw
cp -r old.raw:/etc copied
info old.raw
create --size 1M made.qcow2
version
doctor
cache prune
validate
validate --file wrong.yaml
plan
apply --auto-approve
plan
output
output size
import disk_image.made made.qcow2
import-kvmxfile --output translated.yaml
vm list
vm status web
vm check --image old.raw --wait-for agent
vm ssh-config web
vm exec web true
vm exec web -- sh -c exit\\ 9
vm exec absent true
vm run web script.sh
vm foreach --select web* exec -- true
vm foreach --select web* screenshot -- /nowhere/a.ppm
vm top --once --interval 0.1
vm up --dry-run web
vm up web
vm suspend --dry-run web
vm suspend web
vm resume --dry-run web
vm resume web
vm provision web
vm screenshot web shot.ppm
vm mount --dry-run web . /mnt
vm umount web /mnt
vm snapshot take web one
vm snapshot list web
vm snapshot revert web one
vm snapshot delete web one
vm restart --dry-run web
vm upgrade --dry-run web
vm recycle --dry-run web
vm stop --dry-run web
vm kill --dry-run web
vm kill web
vm stop web
vm rename --dry-run web other
vm destroy --dry-run web
vm destroy --force web
destroy --auto-approve
`
  .trim()
  .split("\n")
  .map((line) => line.split(/(?<!\\) /).map((word) => word.replaceAll("\\ ", " ")));

/** Beside one another, before the machine goes: each boots one of its own. */
const DISPOSABLES = [
  ["vm", "disposable", "web", "true"],
  ["vm", "disposable-run", "web", "script.sh"],
];

/** Verbs that other tests run with --json, where there is what they work on. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "vm mat": "tools/disposable/clean",
  "vm pdf-cleaner": "tools/disposable/clean",
  "vm clamav": "tools/disposable/clean",
  "ci run": "tools/ci/verbs",
  "ci list": "tools/ci/verbs",
  "ci status": "tools/ci/verbs",
  "ci install": "tools/ci/verbs",
  "ci uninstall": "tools/ci/verbs",
};

const verbOf = (words: readonly string[]) =>
  commands.find(({ name }) => name.split(" ").every((word, at) => words[at] === word) && !longer(name, words))?.name;

/** `vm snapshot list` is no `vm snapshot`. */
const longer = (name: string, words: readonly string[]) =>
  commands.some((each) => each.name.startsWith(`${name} `) && words.join(" ").startsWith(each.name));

/** Verbs that printed something. */
const printed = new Set<string | undefined>();
/** What they printed, each with a word that it is of its type. */
const typed: string[] = [];

beforeAll(async () => {
  const at = (name: string) => join(host.folder, name);
  const root = await folder(host.folder, SYSTEM);
  await blankExt4(at("old.raw"), 8, ["-d", root]);
  const journal = join(root, "var/log/journal/0123456789abcdef0123456789abcdef");
  await mkdir(journal, { recursive: true });
  await run("sh", ["-c", 'python3 "$1" | head -40 > "$2"', "sh", EXPORT, at("in.export")]);
  await run("/lib/systemd/systemd-journal-remote", ["-o", join(journal, "system.journal"), at("in.export")]);
  await writeFile(join(root, "etc/hostname"), "new\n");
  await blankExt4(at("new.raw"), 32, ["-d", root]);
  await writeFile(at("script.sh"), "#!/bin/sh\necho done\n", { mode: 0o755 });
  await writeFile(at("kvmxfile"), "vm=old\nmemory=1G\nx=$(date)\n");
  await writeFile(at("wrong.yaml"), "version: 1\nresources: { disk_image: { a: { sise: 1G } } }\n");
  await declare();
}, 600_000);

/** A machine with a disk for snapshots, ready when both ways in are. */
async function declare(): Promise<void> {
  const { sshKey } = await microGuest();
  const web = await microMachine("", {
    ...{ name: "web", disks: { data: { image: "${disk_image.data.id}" } }, ssh: { user: "root", private_key: sshKey } },
    wait_for: [{ condition: "ssh", timeout: 240 }],
    provision: [{ name: "one", inline: ["true"] }],
  });
  const disk_image = { data: { path: "data.qcow2", size: "16M" }, made: { path: "made.qcow2", size: "1M" } };
  const outputs = { size: "${disk_image.data.virtual_size}" };
  const file = { version: 1, resources: { disk_image, virtual_machine: { web } }, outputs };
  await writeFile(join(host.folder, "guestkit.yaml"), JSON.stringify(file));
}

/** Runs it; what is printed is held to its schema there. */
async function told(words: readonly string[]): Promise<void> {
  const args = words.includes("--") ? words.toSpliced(words.indexOf("--"), 0, "--json") : withJson(words);
  const { stdout, stderr, exitCode } = await host.run(args);
  expect(exitCode, `${args.join(" ")}: ${stderr}`).not.toBe(64);
  for (const { schema, list, value } of (await documentsIn(args, stdout.toString())).slice(0, 20)) {
    printed.add(verbOf(words));
    const type = `Documents["${schema}"]${list === undefined ? "" : `["${list}"][number]`}`;
    typed.push(`  ${JSON.stringify(value)} satisfies ${type},\n`);
  }
}

/** Runs it, and looks meanwhile at what it says of its progress. */
async function applied(words: readonly string[]): Promise<void> {
  let isDone = false;
  const work = told(words).finally(() => {
    isDone = true;
  });
  while (!isDone && !printed.has("progress")) await told(["progress", "--once"]);
  await work;
}

/** Before a command of the guest's. */
function withJson(words: readonly string[]): readonly string[] {
  const at = words.findIndex((word) => word === "exec" || word === "disposable");
  return at < 0 ? [...words, "--json"] : words.toSpliced(at + 1, 0, "--json");
}

describe("every verb that takes --json", () => {
  it("prints what its schema says", async () => {
    for (const words of LINES) {
      if (words.join(" ").startsWith("vm destroy --dry")) await Promise.all(DISPOSABLES.map(told));
      await (words[0] === "apply" ? applied(words) : told(words));
    }
  }, 600_000);

  it("is run here, or by a test that is named", async () => {
    const missing = commands.filter(({ name, options }) => options.json && !printed.has(name) && !(name in ELSEWHERE));
    expect(missing.map(({ name }) => name)).toEqual([]);
    for (const [name, file] of Object.entries(ELSEWHERE)) {
      const text = await readFile(join(repository, "test", `${file}.test.ts`), "utf8");
      expect(text, name).toContain("--json");
      expect(text, name).toContain(`"${name.split(" ").at(-1)}"`);
    }
  });

  it("prints what the published types say", async () => {
    const program = join(host.folder, "consumer.ts");
    const wrong = `// @ts-expect-error: no such field\n  ({ entries: 1, bytes: 2, files: 3 }) satisfies Documents["pruned"],\n`;
    const head = `import type { Documents } from "${join(repository, "core/dist/generated/types.js")}";\n`;
    await writeFile(program, `${head}export const printed = [\n${typed.join("")}  ${wrong}];\n`);
    const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"];
    await run("tsc", ["--ignoreConfig", "--types", "", ...options, program]);
  });
});
