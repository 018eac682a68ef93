#!/usr/bin/env node
/**
 * `npm run cli:install [PREFIX]`, `cli:uninstall` and `cli:pack`: the command, its completions and its man page. Runs from
 * `dist`. What it lays out may be moved as a whole.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { chmod, copyFile, cp, mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { NODE_FLAGS } from "./node-flags.ts";

const dist = import.meta.dirname;
const checkout = resolve(dist, "../..");
const MARK = "# Made by guestkit's `npm run cli:install`.";
/** Root's command is everybody's; both places stand on the usual PATH. */
const OWN_PREFIX = process.getuid?.() === 0 ? "/usr/local" : join(homedir(), ".local");

/** Where each shell looks for completions, below a prefix. */
const COMPLETIONS = {
  bash: "share/bash-completion/completions/guestkit",
  zsh: "share/zsh/site-functions/_guestkit",
  fish: "share/fish/vendor_completions.d/guestkit.fish",
} as const;
const MAN_PAGE = "share/man/man1/guestkit.1";
const COMMAND = "bin/guestkit";
const LIBRARY = "lib/guestkit";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { uninstall: { type: "boolean" }, pack: { type: "boolean" } },
});
const prefix = resolve(positionals[0] ?? OWN_PREFIX);
await demandOurs();
if (flags.uninstall) await uninstall();
else await install();

async function install(): Promise<void> {
  const node = await layNode();
  const code = await layCode();
  await write(COMMAND, launcher(fromCommand(node), fromCommand(join(code, "guestkit.mjs"))), 0o755);
  const command = join(prefix, COMMAND);
  for (const [shell, path] of Object.entries(COMPLETIONS)) await write(path, run(command, ["completion", shell]));
  await write(MAN_PAGE, await readFile(join(dist, "../generated/guestkit.1"), "utf8"));
  process.stdout.write(`${[command, ...Object.values(COMPLETIONS).map(below), below(MAN_PAGE)].join("\n")}\n`);
  const version = run(command, ["version"]).trim();
  process.stderr.write(`${version}${flags.pack ? "" : notes()}\n`);
}

async function uninstall(): Promise<void> {
  const files = [COMMAND, MAN_PAGE, ...Object.values(COMPLETIONS)].map(below).filter(existsSync);
  for (const path of files) await rm(path);
  await rm(below(LIBRARY), { recursive: true, force: true });
  // Folders that were made for them, up to the prefix, go as well; one with anything else in it stays.
  for (const path of [...files, below(LIBRARY)]) await removeEmpty(dirname(path));
  process.stdout.write(files.length > 0 ? `removed ${files.join(", ")}\n` : `nothing of guestkit's below ${prefix}\n`);
}

function below(path: string): string {
  return join(prefix, path);
}

/** A command of that name that somebody else put there is not ours to replace. */
async function demandOurs(): Promise<void> {
  const text = await readFile(below(COMMAND), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return MARK;
    throw error;
  });
  if (text.includes(MARK)) return;
  process.stderr.write(`Cannot use "${below(COMMAND)}": something else of that name is there
  Remove it, or choose another place: npm run cli:install -- PREFIX\n`);
  process.exit(1);
}

/** As the command finds it: what lies below the prefix moves with it. */
function fromCommand(path: string): string {
  return path.startsWith(`${prefix}/`) ? `"$here/../"${quoted(relative(prefix, path))}` : quoted(path);
}

/** The Node that runs this, where it stays: one out of the checkout is copied, so that the command outlives that. */
async function layNode(): Promise<string> {
  const { execPath, version } = process;
  if (!flags.pack && !execPath.startsWith(`${checkout}/`)) return execPath;
  const place = below(`${LIBRARY}/node-${version}`);
  if (existsSync(place)) return place;
  await layFile(place, (partial) => copyFile(execPath, partial, constants.COPYFILE_FICLONE));
  return place;
}

/** The bundle under a name of its content: a command that runs meanwhile still finds its own parts. */
async function layCode(): Promise<string> {
  const name = createHash("sha256")
    .update(await readFile(join(dist, "guestkit.mjs")))
    .digest("hex")
    .slice(0, 16);
  const place = below(`${LIBRARY}/code-${name}`);
  if (!existsSync(place)) await layFile(place, copyCode);
  await removeOlder(place);
  return place;
}

async function copyCode(folder: string): Promise<void> {
  await mkdir(folder);
  await copyFile(join(dist, "guestkit.mjs"), join(folder, "guestkit.mjs"));
  await cp(join(dist, "chunks"), join(folder, "chunks"), { recursive: true });
}

/** The one before stays for those who run it. */
async function removeOlder(current: string): Promise<void> {
  const folder = dirname(current);
  const names = (await readdir(folder)).filter((each) => each.startsWith("code-") && join(folder, each) !== current);
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of aged.toSorted((a, b) => b.at - a.at).slice(1))
    await rm(join(folder, name), { recursive: true });
}

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  await layFile(below(path), async (partial) => {
    await writeFile(partial, text);
    await chmod(partial, mode);
  });
}

/** Beside its place and swapped in: nobody sees half of it. */
async function layFile(place: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${place}.partial-${process.pid}`;
  await mkdir(dirname(place), { recursive: true });
  await make(partial);
  await rm(place, { recursive: true, force: true });
  await rename(partial, place);
}

async function removeEmpty(folder: string): Promise<void> {
  for (let at = folder; at.startsWith(`${prefix}/`); at = dirname(at)) {
    const isGone = await rmdir(at).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === "ENOENT",
    );
    if (!isGone) return;
  }
}

function launcher(node: string, entry: string): string {
  return `#!/bin/sh
${MARK}
here=$(dirname -- "$(readlink -f -- "$0")")
node=${node}
if [ ! -x "$node" ]; then
  echo "guestkit: $node is gone; install it again (npm run cli:install)" >&2
  exit 1
fi
exec "$node" ${NODE_FLAGS.join(" ")} ${entry} "$@"
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: "utf8" });
}

/** What stands between the user and `guestkit <Tab>`, with the line that mends it. */
function notes(): string {
  const lines: string[] = [];
  const bin = below("bin");
  if (!(process.env.PATH ?? "").split(delimiter).includes(bin))
    lines.push(`export PATH="${bin}:$PATH"   # not on PATH`);
  lines.push(`. ${below(COMPLETIONS.bash)}   # completion in this bash; new ones have it by bash-completion`);
  if (prefix !== "/usr/local" && prefix !== "/usr") {
    lines.push(`fpath+=(${dirname(below(COMPLETIONS.zsh))})   # zsh: before compinit in ~/.zshrc`);
  }
  lines.push("guestkit doctor   # what this host still needs, for what");
  return `\n  ${lines.join("\n  ")}`;
}
