import { copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { GUESTKIT_PROGRAM } from "./cli.ts";
import { findEngine, PROVIDER_INSTALLER, repository } from "./engines.ts";
import { MachineHost } from "./machine-host.ts";
import { microGuest } from "./micro-guest/index.ts";

/** A fenced block of a page: a file to write, commands to run, or what the commands before it say. */
export interface Snippet {
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of the fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page: "```sh exit=1", "```yaml title=guestkit.yaml". */
export function snippetsOf(page: string): readonly Snippet[] {
  const found: Snippet[] = [];
  for (const match of page.matchAll(/^```(\w+)([^\n]*)\n([\s\S]*?)^```$/gm)) {
    const attributes = [...(match[2] ?? "").matchAll(/(\w+)=(\S+)/g)].map(([, key = "", value = ""]) => [key, value]);
    const line = page.slice(0, match.index).split("\n").length;
    found.push({ language: match[1] ?? "", attributes: Object.fromEntries(attributes), text: match[3] ?? "", line });
  }
  return found;
}

/**
 * Does what a page of the guide says, in a folder where `debian.qcow2` is the micro guest: writes its files, runs its
 * commands, and looks for what it says that they say. Throws with the line of the snippet that is not true.
 */
export async function follow(path: string): Promise<void> {
  await using host = await MachineHost.open();
  await copyFile((await microGuest()).imageBios, join(host.folder, "debian.qcow2"));
  const env = { ...host.env, ...(await programs(host)) };
  let said = "";
  for (const snippet of snippetsOf(await readFile(path, "utf8"))) {
    const { language, attributes, text, line } = snippet;
    if (attributes.title !== undefined) await writeFile(join(host.folder, attributes.title), text, { mode: 0o755 });
    else if (language === "sh") said = await runAll(snippet, host, env, path);
    else if (language === "text") demandAll(text, said, `${path}:${line}`);
  }
}

async function programs(host: MachineHost): Promise<Readonly<Record<string, string>>> {
  const bin = join(host.folder, "bin");
  await mkdir(bin);
  await symlink(GUESTKIT_PROGRAM, join(bin, "guestkit"));
  const terraform = findEngine("terraform") ?? findEngine("tofu");
  if (terraform) await symlink(terraform, join(bin, "terraform"));
  const settings = join(host.folder, "engine.tfrc");
  const mirror = join(host.folder, "mirror");
  await execa(process.execPath, [PROVIDER_INSTALLER, mirror]);
  await writeFile(settings, `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`);
  return {
    PATH: `${bin}:${process.env.PATH}`,
    TF_CLI_CONFIG_FILE: settings,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
}

async function runAll(
  { text, attributes, line }: Snippet,
  host: MachineHost,
  env: Readonly<Record<string, string>>,
  path: string,
): Promise<string> {
  if (attributes.engine === "terraform" && !findEngine("terraform") && !findEngine("tofu")) return "";
  const { exitCode, all } = await execa("sh", ["-e", "-c", text], {
    cwd: host.folder,
    env,
    all: true,
    reject: false,
    stdin: "ignore",
  });
  if (exitCode === Number(attributes.exit ?? 0)) return all;
  throw new Error(`${path}:${line}: exit code ${exitCode}\n${text}\n${all}\n${await host.consoles()}`);
}

/** Each line of the page must be in what was said; white space may differ. */
function demandAll(expected: string, said: string, place: string): void {
  const plain = (text: string) => text.replace(/\s+/g, " ");
  for (const line of expected.split("\n").filter((each) => each.trim() !== "")) {
    if (!plain(said).includes(plain(line).trim())) throw new Error(`${place}: nothing says "${line}" in:\n${said}`);
  }
}

export const guideFolder = join(repository, "docs/guide");
