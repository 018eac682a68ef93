import { readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { copyFromGuest, copyToGuest, execInGuest, guestHere } from "../../../core/communicator/index.ts";
import { provision } from "../../../core/communicator/provision/index.ts";
import { asCallerPath } from "../../../core/kit/caller-path.ts";
import type { Context } from "../../../core/kit/context.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import type { ProvisionStep } from "../../../core/machine/machine.ts";
import { hostAgent } from "../../support/host-agent.ts";
import { contextIn, machineOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";
import { sshServer } from "../../support/ssh-server.ts";
import { run } from "../../support/tool.ts";

/** The host plays the guest: real sshd and real qemu-ga in the places where a machine's are. */
const root = await scratch("provision");
const context = contextIn(root);
const folder = machineFolder("web", context.settings);
await prepareFolder(folder);
const server = await sshServer(folder.path);
const { target } = server;
const agent = await hostAgent(folder.socket("agent"), root);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});
const { username } = userInfo();
const machine = machineOf({ name: "web", ssh: { user: username, port: 22, private_key: null, network: null } });
const forward = { network: "default", name: "ssh", protocol: "tcp" as const, host_address: "127.0.0.1" };
const running = { forwards: [{ ...forward, host_port: target.port, guest_port: 22 }] };

const step = (given: Partial<ProvisionStep>): ProvisionStep => ({
  ...{ name: "one", inline: [], file: null, environment: {}, secret_environment: null, via: "ssh", user: username },
  ...{ when: "create", timeout: 60 },
  ...given,
});
const options = { folder, run: running, context };
/** Steps of tests that run beside these come and go there, too. */
const leftovers = async () => (await readdir("/tmp")).filter((name) => /^\.guestkit-[0-9a-f]{16}/.test(name));
const until = async (is: () => Promise<boolean>) => {
  for (let tries = 0; tries < 150; tries++) {
    if (await is()) return true;
    await sleep(100);
  }
  return false;
};
const runs = (word: string) => run("sh", ["-c", `pgrep -f "${word}" || true`]).then((pids) => pids.trim() !== "");

describe.each(["ssh", "agent"] as const)("by %s", (via) => {
  it("runs steps in order and tells which are done", async () => {
    const file = join(root, `order-${via}`);
    const done: string[] = [];
    const onDone = async (name: string) => void done.push(name);
    const steps = [
      step({ via, name: "a", inline: [`echo "$WORD" > ${file}`], environment: { WORD: "it's $HOME\nand more" } }),
      step({ via, name: "b", inline: ["x=2", `echo $x >> ${file}`] }),
    ];
    expect(await provision(machine, steps, { ...options, onDone })).toEqual(["a", "b"]);
    expect(done).toEqual(["a", "b"]);
    expect(await readFile(file, "utf8")).toBe("it's $HOME\nand more\n2\n");
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
  });

  it("runs a file as it is, with its own interpreter", async () => {
    const file = join(root, `script-${via}`);
    await writeFile(file, `#!/usr/bin/env python3\nimport os\nopen("${file}.out", "w").write(os.environ["NAME"])`);
    await provision(machine, [step({ via, file: asCallerPath(file), environment: { NAME: "grün" } })], options);
    expect(await readFile(`${file}.out`, "utf8")).toBe("grün");
  });

  it("names step, exit code and last words, without secrets; later steps do not run", async () => {
    const inline = ["echo begun", "echo $TOKEN", "false", "echo never"];
    const secret_environment = { TOKEN: "hunter2-hunter2" };
    const steps = [
      step({ via, name: "bad", inline, secret_environment }),
      step({ via, name: "later", inline: ["true"] }),
    ];
    const done: string[] = [];
    const failure = provision(machine, steps, { ...options, onDone: async (name) => void done.push(name) });
    const error = await failure.catch((each) => each);
    expect(error).toMatchObject({
      code: "E_PROVISION_FAILED",
      message: expect.stringContaining('step "bad" failed with exit code 1'),
    });
    expect(error.message).toContain("begun\n***");
    expect(error.message).not.toMatch(/never|hunter2/);
    expect(done).toEqual([]);
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
  });

  it("shows secrets to nobody: not in arguments here or in the guest", async () => {
    const secret_environment = { TOKEN: "swordfish-swordfish" };
    const inline = [
      'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " < $f 2>/dev/null; echo; done | grep -c "[s]wordfish" || true',
    ];
    const said: string[] = [];
    const onOutput = (_: string, stream: string, chunk: Uint8Array) =>
      void said.push(`${stream}:${Buffer.from(chunk)}`);
    await provision(machine, [step({ via, inline, secret_environment })], { ...options, onOutput });
    expect(said.filter((each) => each.startsWith("stdout:"))).toEqual(["stdout:0\n"]);
  });

  it("ends a step that takes too long, its children and its files with it", async () => {
    const inline = ["sleep 987654 & sleep 987654; echo over"];
    const error = await provision(machine, [step({ via, inline, timeout: 2 })], options).catch((each) => each);
    expect(error).toMatchObject({ code: "E_PROVISION_FAILED", message: expect.stringContaining("longer than 2 s") });
    expect(await until(async () => !(await runs("[s]leep 987654")))).toBe(true);
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
  });

  it("ends a step when it is interrupted", async () => {
    const controller = new AbortController();
    const interrupted: Context = { ...context, signal: controller.signal };
    const steps = [step({ via, inline: ["sleep 876543"] })];
    const failure = provision(machine, steps, { ...options, context: interrupted });
    failure.catch(() => {});
    expect(await until(() => runs("[s]leep 876543"))).toBe(true);
    controller.abort();
    await expect(failure).rejects.toMatchObject({ name: "AbortError" });
    expect(await until(async () => !(await runs("[s]leep 876543")))).toBe(true);
    expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
  });

  it("passes on exit codes, input and both outputs of commands", async () => {
    const script = "cat; echo err >&2; exit 42";
    const result = await execInGuest(machine, folder, running, { script, via, input: "in" }, context);
    expect(result).toEqual({ exitCode: 42, stdout: "in", stderr: "err\n" });
    const argv = ["printf", "%s|", "it's", "$HOME", ""];
    expect(await execInGuest(machine, folder, running, { argv, via }, context)).toMatchObject({
      stdout: "it's|$HOME||",
    });
    const gone = await execInGuest(machine, folder, running, { argv: ["/no/such"], via }, context);
    expect(gone.exitCode).toBe(127);
  });

  it.runIf(userInfo().uid === 0)("becomes another user", async () => {
    const command = { argv: ["id", "-un"], via, user: "nobody" };
    expect((await execInGuest(machine, folder, running, command, context)).stdout).toBe("nobody\n");
  });
});

it("goes by the agent where nobody is let in by SSH", async () => {
  const closed = { forwards: running.forwards.map((each) => ({ ...each, host_port: 1 })) };
  expect(await execInGuest(machine, folder, closed, { script: "echo agent" }, context)).toMatchObject({
    stdout: "agent\n",
  });
  await expect(execInGuest(machine, folder, closed, { script: "true", via: "ssh" }, context)).rejects.toMatchObject({
    code: "E_SSH_UNREACHABLE",
  });
});

it("refuses a step whose secrets it was not given, and names that are no variable's", async () => {
  const secret = { ...step({ inline: ["true"] }), secret_environment_version: 1 };
  await expect(provision(machine, [secret], options)).rejects.toMatchObject({ code: "E_PROVISION_SECRETS" });
  const odd = step({ environment: { "A B": "x" } });
  await expect(provision(machine, [odd], options)).rejects.toMatchObject({ code: "E_PROVISION_ENVIRONMENT" });
});

it("copies files and folders both ways by SFTP, without it, and by the agent", async () => {
  await using bare = await sshServer(join(root, "bare"), { sftp: false });
  const ways = [
    { via: "ssh" as const, ...running },
    { via: "ssh" as const, forwards: running.forwards.map((each) => ({ ...each, host_port: bare.target.port })) },
    { via: "agent" as const, ...running },
  ];
  for (const [index, { via, forwards }] of ways.entries()) {
    // The second server has its own keys.
    const own = index === 1 ? { ...folder, sshKey: bare.target.keyFile, knownHosts: join(root, "bare-hosts") } : folder;
    const here = join(root, `copy-${index}`);
    await run("mkdir", ["-p", join(here, "tree/sub"), join(here, "guest"), join(here, "back")]);
    await writeFile(join(here, "tree/sub/it's *"), "text", { mode: 0o640 });
    const big = new Uint8Array(1_500_000).fill(7);
    await writeFile(join(here, "big"), big);
    const to = (local: string, remote: string, recursive = false) =>
      copyToGuest(
        guestHere({ machine, folder: own, run: { forwards } }),
        { local: join(here, local), remote: join(here, remote) },
        { via, recursive },
        context,
      );
    const from = (remote: string, local: string, recursive = false) =>
      copyFromGuest(
        guestHere({ machine, folder: own, run: { forwards } }),
        { local: join(here, local), remote: join(here, remote) },
        { via, recursive },
        context,
      );
    await writeFile(join(here, "host-only"), "host only");
    await symlink(join(here, "host-only"), join(here, "tree/laid-by-a-guest"));
    await to("tree", "guest", true);
    await to("big", "guest/renamed");
    await from("guest/tree", "back/tree", true);
    await symlink(join(here, "host-only"), join(here, "back/renamed"));
    await from("guest/renamed", "back");
    // No link of a folder is followed on its way in, and none that lies in the way is written through.
    expect(await readlink(join(here, "guest/tree/laid-by-a-guest"))).toBe(join(here, "host-only"));
    expect(await readFile(join(here, "host-only"), "utf8")).toBe("host only");
    await expect(to("tree", "guest/again")).rejects.toMatchObject({ code: "E_GUEST_COPY" });
    await expect(from("guest/tree", "x")).rejects.toMatchObject({ code: "E_GUEST_COPY" });
    expect(await readFile(join(here, "back/tree/sub/it's *"), "utf8")).toBe("text");
    expect((await stat(join(here, "guest/tree/sub/it's *"))).mode & 0o777).toBe(0o640);
    expect(Buffer.compare(await readFile(join(here, "back/renamed")), big)).toBe(0);
    await expect(from("no such", "x")).rejects.toMatchObject({
      code: "E_GUEST_COPY",
      message: expect.stringMatching(/no such/i),
    });
    expect((await readdir(join(here, "guest"))).toSorted()).toEqual(["renamed", "tree"]);
  }
  expect(await until(async () => (await leftovers()).length === 0)).toBe(true);
});
