/**
 * The main job, seen: a Debian image from a declaration without root's help, looked into without mounting, planned
 * again (nothing to do), tampered with (the plan names the file and the cause), mended and removed.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { rewriteFile, tamper } from "../test/support/tamper.ts";

const root = join(import.meta.dirname, "..");
const bold = (text: string) => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text);
const heading = (text: string) => console.log(`\n${bold(`== ${text}`)}`);

/** What carries the declaration out: a real engine that is on PATH, or guestkit's own. */
interface Engine {
  readonly name: string;
  readonly example: string;
  readonly env: Readonly<Record<string, string>>;
  readonly commands: Readonly<Record<"prepare" | "apply" | "plan" | "destroy", readonly string[] | null>>;
}

async function onPath(name: string): Promise<boolean> {
  return execa("sh", ["-c", `command -v ${name}`]).then(
    () => true,
    () => false,
  );
}

async function chooseEngine(work: string): Promise<Engine> {
  for (const name of ["terraform", "tofu"]) if (await onPath(name)) return terraform(name, work);
  const guestkit = join(root, "scripts/guestkit");
  return {
    name: "guestkit's own engine (neither terraform nor tofu is on PATH)",
    example: "examples/yaml/debian-image",
    env: {},
    commands: {
      prepare: null,
      apply: [guestkit, "apply", "--auto-approve"],
      plan: [guestkit, "plan", "--detailed-exitcode"],
      destroy: [guestkit, "destroy", "--auto-approve"],
    },
  };
}

async function terraform(name: string, work: string): Promise<Engine> {
  const plugins = join(work, "plugins");
  await execa("sh", [join(root, "scripts/provider-install"), plugins], { stdout: "ignore" });
  const config = join(work, "terraformrc");
  await writeFile(config, `provider_installation {\n  filesystem_mirror {\n    path = "${plugins}"\n  }\n}\n`);
  return {
    name,
    example: "examples/terraform/debian-image",
    env: { TF_CLI_CONFIG_FILE: config, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    commands: {
      prepare: [name, "init", "-no-color"],
      apply: [name, "apply", "-auto-approve", "-no-color"],
      plan: [name, "plan", "-detailed-exitcode", "-no-color"],
      destroy: [name, "destroy", "-auto-approve", "-no-color"],
    },
  };
}

/** Runs a command with its output shown as it comes; its exit code must be one of `codes`. */
async function show(
  command: readonly string[] | null,
  cwd: string,
  env: Engine["env"],
  codes: readonly number[] = [0],
): Promise<void> {
  if (!command) return;
  const [file = "", ...args] = command;
  console.log(bold(`$ ${[file.split("/").at(-1), ...args].join(" ")}`));
  const { exitCode } = await execa(file, args, {
    cwd,
    env,
    stdout: "inherit",
    stderr: "inherit",
    stdin: "ignore",
    reject: false,
  });
  if (codes.includes(exitCode ?? -1)) return;
  console.error(`demo: ${file} ended with ${exitCode}, expected ${codes.join(" or ")}`);
  process.exitCode = 1;
  throw new Error("the demo stopped");
}

async function demo(work: string): Promise<void> {
  const engine = await chooseEngine(work);
  const { commands, env } = engine;
  console.log(`The declaration is carried out by ${bold(engine.name)}.`);
  const folder = join(work, "project");
  await cp(join(root, engine.example), folder, { recursive: true });
  const image = join(folder, "debian.qcow2");
  const guestkit = join(root, "scripts/guestkit");

  heading("1. Build a Debian image from its declaration, in a user namespace");
  await show(commands.prepare, folder, env);
  await show(commands.apply, folder, env);
  heading("2. Look inside, without mounting anything");
  await show([guestkit, "inspect", image], folder, env);
  await show([guestkit, "cat", image, "/etc/motd"], folder, env);
  heading("3. Plan again: nothing to do");
  await show(commands.plan, folder, env, [0]);
  heading("4. Tamper with a file inside the image, behind guestkit's back");
  await tamper(image, await rewriteFile("/etc/motd", "Somebody was here.\n"));
  await show(commands.plan, folder, env, [2]);
  heading("5. Apply: the file is as declared again, in place");
  await show(commands.apply, folder, env);
  await show([guestkit, "cat", image, "/etc/motd"], folder, env);
  heading("6. Remove it");
  await show(commands.destroy, folder, env);
}

const work = await mkdtemp(join(tmpdir(), "guestkit-demo-"));
try {
  await demo(work);
  heading(
    `Done. The downloaded packages stay in ${process.env.GUESTKIT_CACHE_DIR ?? join(homedir(), ".cache/guestkit")}.`,
  );
} catch (error) {
  console.error(error instanceof Error ? `demo: ${error.message}` : error);
  process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
