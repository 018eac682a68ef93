import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { GUESTKIT, GUESTKIT_PROGRAM, guestkit, guestkitText } from "../../support/cli.ts";
import { microGuest } from "../../support/micro-guest/index.ts";
import { remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const guest = await microGuest();
const root = await scratch("machine-verbs");
const env = { GUESTKIT_DATA_DIR: join(root, "data"), GUESTKIT_RUNTIME_DIR: join(root, "run") };
await writeFile(
  join(root, "guestkit.yaml"),
  JSON.stringify({
    version: 1,
    resources: {
      virtual_machine: {
        web: {
          ...{ name: "web", memory: "384M", kernel: guest.kernel, initrd: guest.initrd, cmdline: guest.cmdline },
          ...{ preflight: "off", cloud_init: { users: { admin: { sudo: true } } } },
          wait_for: [
            { condition: "ssh", timeout: 240 },
            { condition: "agent", timeout: 240 },
          ],
        },
      },
    },
  }),
);
await guestkitText(["apply", "--auto-approve"], { cwd: root, env });
afterAll(() => guestkitText(["vm", "destroy", "--force", "web"], { cwd: root, env }));

const vm = (args: readonly string[], input = "") => guestkit(["vm", ...args], { cwd: root, env, input });
const text = async (args: readonly string[], input = "") => (await vm(args, input)).stdout.toString();

it("logs in as the declared user, with a command and its exit code", async () => {
  expect(await text(["ssh", "web", "id", "-un"])).toBe("admin\n");
  expect((await vm(["ssh", "web", "exit 9"])).exitCode).toBe(9);
  const config = join(root, "ssh_config");
  await writeFile(config, await text(["ssh-config", "web"]));
  expect(await run("ssh", ["-F", config, "web", "id -un"])).toBe("admin\n");
  expect(JSON.parse(await text(["ssh-config", "--json", "web"]))).toMatchObject({ host: "127.0.0.1", user: "admin" });
});

it("carries OpenSSH's own client to it, with all that both sides say", async () => {
  const config = join(root, "ssh_config");
  await writeFile(config, await text(["ssh-config", "web"]));
  // No address and port play a part any more.
  const proxy = `ProxyCommand=${GUESTKIT.join(" ")} vm connect web`;
  const words = ["-F", config, "-o", proxy, "-o", "HostName=nowhere.invalid", "-p", "1", "web"];
  const sent = randomBytes(3 << 20).toString("base64");
  const options = { env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 64 << 20 } as const;
  const session = spawnSync("ssh", [...words, "cat; echo err >&2; exit 7"], { ...options, input: sent });
  expect(session).toMatchObject({ status: 7, stderr: expect.stringMatching(/err\n$/) });
  expect(session.stdout === sent).toBe(true);
  // A socket and a pipe as standard output; nothing is said by the caller.
  const piped = `${GUESTKIT.join(" ")} vm connect web < /dev/null | cat`;
  expect(spawnSync("sh", ["-c", piped], options).stdout).toMatch(/^SSH-2\.0-/);
  expect(await text(["connect", "web"])).toMatch(/^SSH-2\.0-/);
});

it("is reached from another machine by way of its host, which forwards nothing", async () => {
  const programs = join(root, "programs");
  await mkdir(programs);
  await symlink(GUESTKIT_PROGRAM, join(programs, "guestkit"));
  const lab = await remoteHost(root, "lab", { env: { ...env, PATH: `${programs}:/usr/bin:/bin` } });
  onTestFinished(() => lab.server.stop());
  const bin = await sshFor(root, [lab]);
  const laptop = { PATH: `${bin}:${process.env.PATH}`, GUESTKIT_DATA_DIR: join(root, "laptop") };
  const printed = await guestkit(["vm", "ssh-config", "web", "--host", "lab"], { cwd: root, env: laptop });
  expect(printed).toMatchObject({ exitCode: 0 });
  const config = join(root, "far_config");
  await writeFile(config, printed.stdout.toString().replace(/Port \d+/, "Port 1"));
  expect(printed.stdout.toString()).not.toContain(env.GUESTKIT_DATA_DIR);
  expect(await run("ssh", ["-F", config, "web", "id -un"], laptop)).toBe("admin\n");
  const far = (...args: string[]) => guestkit(["vm", ...args, "--host", "lab"], { cwd: root, env: laptop });
  await writeFile(join(root, "note"), "from the laptop\n");
  expect(await far("cp", "note", "web:/tmp/note")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await far("cp", "web:/tmp/note", "-")).stdout.toString()).toBe("from the laptop\n");
  expect(await far("cp", "--via", "agent", "note", "web:/tmp/")).toMatchObject({
    ...{ exitCode: 1, stderr: expect.stringContaining("it is on another host") },
  });
  // It came as far as to look for the guest's rsync.
  expect(await far("rsync", "note", "web:/tmp/")).toMatchObject({
    ...{ exitCode: 125, stderr: expect.stringContaining("the guest has no rsync") },
  });
  const status = await guestkit(["vm", "status", "web", "--json"], { cwd: root, env });
  expect(JSON.parse(status.stdout.toString()).ssh_command).not.toContain(join(root, "laptop"));
  const none = await guestkit(["vm", "ssh-config", "nobody", "--host", "lab"], { cwd: root, env: laptop });
  expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no machine of that name") });
});

it("runs commands: exit codes, input and outputs go through", async () => {
  const result = await vm(["exec", "web", "sh", "-c", "cat; echo err >&2; exit 7"], "in\n");
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({ exitCode: 7, stdout: "in\n", stderr: "err\n" });
  expect((await vm(["exec", "web", "/no/such"])).exitCode).toBe(127);
  expect(await text(["exec", "--via", "agent", "web", "cat"], "by agent")).toBe("by agent");
  expect(await text(["exec", "--user", "root", "web", "id", "-un"])).toBe("root\n");
  expect(await text(["exec", "--tty", "web", "tty"])).toContain("/dev/pts/");
  expect(JSON.parse(await text(["exec", "--json", "web", "echo", "it's", "$HOME"]))).toEqual({
    ...{ exit_code: 0, stdout: "it's $HOME\n", stderr: "" },
  });
});

it("tells its own failures by 125, and wrong command lines by 64", async () => {
  const late = await vm(["exec", "--timeout", "2", "web", "sleep", "60"]);
  expect(late).toMatchObject({ exitCode: 125, stderr: expect.stringContaining("longer than 2 s") });
  const unknown = await vm(["exec", "--json", "nobody", "true"]);
  expect(unknown.exitCode).toBe(125);
  expect(JSON.parse(unknown.stderr).error).toMatchObject({ code: "E_MACHINE_UNKNOWN" });
  expect((await vm(["exec", "--timeout", "soon", "web", "true"])).exitCode).toBe(64);
  expect((await vm(["cp", "a", "b"])).exitCode).toBe(64);
});

it("copies in and out", async () => {
  await mkdir(join(root, "tree/sub"), { recursive: true });
  await writeFile(join(root, "tree/sub/a b"), "text");
  expect(await vm(["cp", "-r", "tree", "web:/tmp/tree"])).toMatchObject({ exitCode: 0 });
  expect(await vm(["cp", "web:/tmp/tree/sub/a b", "file"])).toMatchObject({ exitCode: 0 });
  expect(await vm(["cp", "-r", "--via", "agent", "web:/tmp/tree", "back"])).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(root, "file"), "utf8")).toBe("text");
  expect(await readFile(join(root, "back/sub/a b"), "utf8")).toBe("text");
  const folder = await vm(["cp", "tree", "web:/tmp"]);
  expect(folder).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("it is a folder") });
});

/** A program whose words can be waited for. */
class Talk {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  shown = "";

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { env: { ...process.env, ...env } });
    this.#ended = new Promise((resolve) => this.#child.once("close", resolve));
    onTestFinished(() => this.kill());
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk) => {
        this.shown += chunk;
      });
    }
  }

  async until(cue: RegExp): Promise<void> {
    for (let tries = 0; !cue.test(this.shown); tries++) {
      if (tries > 600) throw new Error(`It does not show ${cue}: ${this.shown}`);
      await sleep(100);
    }
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  end(): Promise<number | null> {
    this.#child.stdin?.end();
    return this.#ended;
  }
}

it("sits down at the console, and leaves the terminal as it was", async () => {
  const line = `stty -echo; ${GUESTKIT.join(" ")} vm console web; stty -a | grep -o '[-]*icanon'`;
  const talk = new Talk("script", ["-qec", line, "/dev/null"]);
  await talk.until(/Ctrl-\]/);
  talk.type("echo con$((1+1))sole\r");
  await talk.until(/con2sole/);
  talk.type("\x1d");
  await talk.until(/left the console of "web"/);
  await talk.until(/[^-]icanon/);
  await talk.end();
  expect(await text(["logs", "web"])).toContain("con2sole");
  expect((await text(["logs", "-n", "2", "web"])).trim().split("\n")).toHaveLength(2);
});

it("lets nobody sit down where somebody is, and follows the log meanwhile", async () => {
  const [node, ...args] = GUESTKIT;
  const first = new Talk(node, [...args, "vm", "console", "web"]);
  await first.until(/Ctrl-\]/);
  first.type("echo fol$((3+4))low\n");
  await first.until(/fol7low/);
  const second = await vm(["console", "web"]);
  expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("somebody is at it already") });
  const log = new Talk(node, [...args, "vm", "logs", "--follow", "--lines", "1", "web"]);
  first.type("echo la$((4+4))ter\n");
  await log.until(/la8ter/);
  log.kill();
  first.type("\x1d");
  expect(await first.end()).toBe(0);
});

it("sees the end of a machine from its console, and its log after that", async () => {
  const [node, ...args] = GUESTKIT;
  const console = new Talk(node, [...args, "vm", "console", "web"]);
  await console.until(/Ctrl-\]/);
  await guestkitText(["vm", "kill", "web"], { cwd: root, env });
  await console.until(/was closed/);
  expect(await console.end()).toBe(0);
  expect(await text(["logs", "web"])).toContain("fol7low");
  expect(await vm(["ssh", "web"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("guestkit vm up web"),
  });
  expect((await vm(["exec", "web", "true"])).exitCode).toBe(125);
  expect(await vm(["connect", "web"])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("guestkit vm up web"),
  });
});
