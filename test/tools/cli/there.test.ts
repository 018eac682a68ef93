/** `--host`: a command line that runs on another host, which is a real sshd with a home and folders of its own. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type CliResult, GUESTKIT, GUESTKIT_PROGRAM, guestkit } from "../../support/cli.ts";
import { folder } from "../../support/disk.ts";
import { remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";
import { blankExt4 } from "./filled-image.ts";

const root = await scratch("there");
const [here, bin] = [join(root, "here"), join(root, "programs")];
for (const each of [here, bin]) await mkdir(each);
await symlink(GUESTKIT_PROGRAM, join(bin, "guestkit"));
const labHost = await remoteHost(root, "lab", {
  env: { PATH: `${bin}:/usr/bin:/bin`, GUESTKIT_HOST: "nowhere" },
});
const { home } = labHost;
const { port, user } = labHost.server.target;
// A host without guestkit, whose name has no section of its own.
const bare = await remoteHost(root, "bare", { env: { PATH: "/usr/bin:/bin" } });
afterAll(() => Promise.all([labHost, bare].map(({ server }) => server[Symbol.asyncDispose]())));
const more = `Host 127.0.0.1\n  IdentityFile ${labHost.server.target.keyFile}\n  StrictHostKeyChecking no\n`;
const ssh = await sshFor(root, [labHost, bare], more);
const env = { PATH: `${ssh}:${process.env.PATH}`, GUESTKIT_DATA_DIR: join(here, "data") };

const lab = (args: readonly string[], input = "", also: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
  guestkit(args, { cwd: here, env: { ...env, ...also }, input });

const content = await folder(root, { "etc/os-release": "ID=debian\nVERSION_ID=12\n", "it's $HOME": "quoted\n" });
const image = "web image.raw";
await blankExt4(join(home, image), 8, ["-d", content]);

describe("a command that runs on another host", () => {
  it("runs with its words as they are, in the home folder there", async () => {
    for (const words of [
      ["ls", image, "/etc", "--host", "lab"],
      ["ls", "--host=lab", image, "/etc"],
      ["--host", "lab", "ls", image, "/etc"],
      ["--host=lab", "ls", image, "/etc"],
    ]) {
      expect(await lab(words)).toMatchObject({ exitCode: 0, stdout: Buffer.from("os-release\n"), stderr: "" });
    }
    const named = await lab(["cat", image, "/it's $HOME"], "", { GUESTKIT_HOST: "lab" });
    expect(named.stdout.toString()).toBe("quoted\n");
    const address = `ssh://${user}@127.0.0.1:${port}`;
    expect((await lab(["ls", "--host", address, image, "/etc"])).stdout.toString()).toBe("os-release\n");
  });

  it("passes on exit codes, errors, input and all of an output", async () => {
    expect(await lab(["cat", "--host", "lab", image, "/none"])).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining("Cannot") },
    });
    const json = await lab(["inspect", "--json", "--host", "lab", "absent.raw"]);
    expect(JSON.parse(json.stderr).error.message).toContain("absent.raw");
    const tar = await lab(["tar", "--host", "lab", image]);
    const listed = spawnSync("tar", ["-t"], { input: tar.stdout });
    expect([tar.exitCode, listed.status]).toEqual([0, 0]);
    expect(listed.stdout.toString()).toContain("os-release");
    expect((await lab(["ls", "--host", "lab", "--bogus", "x"])).exitCode).toBe(64);
  });

  it("asks that host's machines, not this one's", async () => {
    await mkdir(join(here, "data/machines/ours"), { recursive: true });
    expect(await lab(["vm", "list", "--host", "lab"])).toMatchObject({ exitCode: 0, stderr: "" });
    const there = await lab(["vm", "status", "--host", "lab", "ours"]);
    expect(there).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('"ours"') });
  });

  it("has a terminal where it is typed at one", () => {
    const line = `${GUESTKIT.join(" ")} --host lab vm exec nobody tty; echo code $?`;
    const talk = spawnSync("script", ["-qec", line, "/dev/null"], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    expect(talk.stdout).toContain("no machine of that name");
    expect(talk.stdout).toContain("code 125");
  });

  it("ends with the line", async () => {
    const [node, bundle] = GUESTKIT;
    const args = [bundle, "progress", "--wait", "--host", "lab"];
    const child = spawn(node, args, { env: { ...process.env, ...env }, stdio: "ignore" });
    await once(child, "spawn");
    child.kill("SIGTERM");
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGTERM");
  });
});

describe("what belongs to this side", () => {
  it("is refused, with what to do instead", async () => {
    const refused = async (...words: string[]) => {
      const { exitCode, stderr } = await lab(["--host", "lab", ...words]);
      expect(exitCode, words.join(" ")).toBe(64);
      return stderr;
    };
    expect(await refused("cp", `${image}:/etc`, "out")).toContain("guestkit tar IMAGE PATH | tar -x");
    expect(await refused("check", image, "rules.yaml")).toContain("RULES is of this machine");
    expect(await refused("info", "--key", "*:env:KEY", image)).toContain("--key is of this machine");
    expect(await refused("vm", "run", "web", "script.sh")).toContain("guestkit vm exec NAME sh -s < FILE");
    expect(await refused("apply")).toContain("hosts: {");
    expect(await refused("create", "--source", "base.qcow2", "new.qcow2")).toContain("--source is of this machine");
    expect(await refused("create", "--source", "file:///base.qcow2", "new.qcow2")).toContain("--source is of this");
    // Whichever of them it is.
    expect(await refused("info", "--key", "-", "--key", "*:env:KEY", image)).toContain("--key is of this machine");
  });

  it("is refused by GUESTKIT_HOST as well, but for what is about this side alone", async () => {
    const named = { GUESTKIT_HOST: "lab" };
    expect((await lab(["plan"], "", named)).exitCode).toBe(64);
    expect(await lab(["version"], "", named)).toMatchObject({ exitCode: 0 });
  });

  it("prints what it may", async () => {
    const file = await lab(["--host", "lab", "cp", `${image}:/etc/os-release`, "-"]);
    expect(file.stdout.toString()).toContain("ID=debian");
  });
});

it("finds no verb behind a host as it finds none without one", async () => {
  expect(await lab(["--host", "lab"])).toMatchObject({ exitCode: 64, stderr: "" });
  expect((await lab(["--host", "lab", "--help"])).stdout.toString()).toBe((await lab(["--help"])).stdout.toString());
  for (const words of [["nosuch"], ["vm", "nosuch"], ["--nosuch"]]) {
    const { exitCode, stderr } = await lab(["--host=lab", ...words]);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("there is no such verb")]);
  }
  expect((await lab(["--host=lab", "vm", "list", "--help"])).exitCode).toBe(0);
  const odd = await lab(["ls", "--host", "-oX", image]);
  expect([odd.exitCode, odd.stderr]).toEqual([64, expect.stringContaining("--host needs a value")]);
});

it("tells a host that is none, or that cannot be reached", async () => {
  for (const name of ["-oProxyCommand=touch${IFS}x", "a b", "ssh://", "ssh://-x", "ssh://a:0", "$(touch x)", ""]) {
    const { exitCode, stderr } = await lab(["ls", `--host=${name}`, "--json", "x"]);
    expect([exitCode, JSON.parse(stderr).error.code], name).toEqual([1, "E_HOST_NAME"]);
  }
  // As of a command there that ends so: what it gives is passed on.
  const nowhere = await lab(["ls", "--host", "ssh://127.0.0.1:1", "x"]);
  expect(nowhere).toMatchObject({ exitCode: 255, stderr: expect.stringContaining("Connection refused") });
});

it("brings guestkit to a host that has none, whatever the verb, or says that it may not", async () => {
  const forbidden = { GUESTKIT_REMOTE_INSTALL: "false" };
  const refused = await lab(["ls", "--host", "bare", "x"], "", forbidden);
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Cannot use the host "bare": it has no guestkit on PATH, and none may be brought'),
  });
  // Its input can be read once: guestkit is brought before the command is started.
  await blankExt4(join(bare.home, "x.raw"), 8, ["-d", content]);
  const look = ["ls", "--host", "bare", "x.raw", "/etc"];
  const brought = await lab(look, "input");
  expect(brought.stderr).toContain("bringing guestkit to the host");
  expect(brought).toMatchObject({ exitCode: 0, stdout: Buffer.from("os-release\n") });
  expect(await readdir(bare.engines)).toContain("current");
  // Where there is no input, it is only looked for once a command ends as one does that is not found.
  await rm(bare.engines, { recursive: true });
  const none = await open("/dev/null");
  const again = await guestkit(look, { cwd: here, env, stdin: none.fd });
  await none.close();
  expect(again).toMatchObject({ exitCode: 0, stdout: Buffer.from("os-release\n") });
  expect(await lab(look, "", forbidden)).toMatchObject({
    exitCode: 0,
    stderr: "",
  });
});
