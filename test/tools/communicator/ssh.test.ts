import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { firstLogin, login, readPins, runOverSsh, type SshTarget } from "../../../core/communicator/ssh/index.ts";
import { sshCommand, sshConfig } from "../../../core/communicator/ssh/show.ts";
import { download, upload } from "../../../core/communicator/ssh/transfer.ts";
import { scratch } from "../../support/scratch.ts";
import { sshServer } from "../../support/ssh-server.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("ssh");
let folders = 0;
const fresh = () => sshServer(join(dir, `a folder ${++folders}`));

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  );

it("makes a key that OpenSSH takes, the owner's alone", async () => {
  await using server = await fresh();
  const { keyFile } = server.target;
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
  const shown = await run("ssh-keygen", ["-y", "-f", keyFile]);
  expect(shown).toBe(await readFile(join(keyFile, "../authorized_keys"), "utf8").then((text) => `${text}\n`));
});

it("runs a command and gives its exit code, 255 and signals among them, and both outputs", async () => {
  await using server = await fresh();
  const both = await runOverSsh(server.target, "echo out; echo err >&2; exit 7");
  expect(both).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
  expect((await runOverSsh(server.target, "exit 255")).exitCode).toBe(255);
  expect((await runOverSsh(server.target, "sh -c 'kill -9 $$'")).exitCode).toBe(137);
  expect((await runOverSsh(server.target, "/no/such")).exitCode).toBe(127);
});

it("feeds standard input and hands output on as it comes", async () => {
  await using server = await fresh();
  const chunks: string[] = [];
  const onOutput = (stream: string, chunk: Uint8Array) => chunks.push(`${stream}:${Buffer.from(chunk)}`);
  await runOverSsh(server.target, "read a; echo got $a; cat >&2", { input: "one\ntwo\n", onOutput });
  expect(chunks).toEqual(["stdout:got one\n", "stderr:two\n"]);
});

it("takes big inputs and outputs whole", async () => {
  await using server = await fresh();
  const input = new Uint8Array(3_000_000).fill(97);
  const { stdout } = await runOverSsh(server.target, "cat", { input });
  expect(stdout.length).toBe(input.length);
});

it("pins the host key at the first login, refuses another one later, and starts anew where told to", async () => {
  await using server = await fresh();
  const keys = await login(server.target);
  expect(keys).toContainEqual(expect.stringMatching(/^ssh-ed25519 AAAA\S+$/));
  expect(await readPins(server.target)).toEqual(keys);
  expect(await login(server.target)).toEqual(keys);
  await server.rekey();
  const refused = await login(server.target).catch((error) => error);
  expect(refused).toMatchObject({
    code: "E_SSH_HOST_KEY",
    help: expect.stringContaining(server.target.knownHostsFile),
  });
  expect(await readPins(server.target)).toEqual(keys);
  const anew = await firstLogin(server.target);
  expect(anew.filter((key) => !keys.includes(key))).toHaveLength(1);
});

it("tells a refused key from a server that is not there", async () => {
  await using server = await fresh();
  const stranger: SshTarget = { ...server.target, user: "nobody" };
  expect(await code(runOverSsh({ ...stranger, keyFile: "/dev/null" }, "true"))).toBe("E_SSH_DENIED");
  await server.stop();
  expect(await code(runOverSsh(server.target, "true"))).toBe("E_SSH_UNREACHABLE");
});

it("ends on time and on abort, and leaves no log behind", async () => {
  await using server = await fresh();
  expect(await code(runOverSsh(server.target, "sleep 60", { timeoutMs: 1_000 }))).toBe("E_GUEST_TIMEOUT");
  const signal = AbortSignal.timeout(700);
  await expect(runOverSsh(server.target, "sleep 60", { signal })).rejects.toThrow("timeout");
  expect((await readdir(server.target.logFolder)).filter((name) => name.startsWith("ssh-"))).toEqual([]);
});

it("says that the connection broke where it did", async () => {
  await using server = await fresh();
  const broken = runOverSsh(server.target, "kill -9 $PPID; sleep 5");
  expect(await code(broken)).toBe("E_SSH_LOST");
});

it("copies files both ways, whatever their names", async () => {
  await using server = await fresh();
  const here = await scratch("ssh-copy");
  const name = "a [b]*'c \\d";
  await writeFile(join(here, name), "text");
  await run("mkdir", [join(here, "there"), join(here, "back")]);
  await upload(server.target, join(here, name), join(here, "there/"));
  expect(await readFile(join(here, "there", name), "utf8")).toBe("text");
  await download(server.target, join(here, "there", name), join(here, "back/x"));
  expect(await readFile(join(here, "back/x"), "utf8")).toBe("text");
  const missing = download(server.target, "/no/such", join(here, "y"));
  await expect(missing).rejects.toMatchObject({
    code: "E_GUEST_COPY",
    message: expect.stringContaining("No such file"),
  });
});

it("shows a configuration and a command that log in", async () => {
  await using server = await fresh();
  await login(server.target);
  const file = join(dir, `config-${folders}`);
  await writeFile(file, sshConfig(server.target));
  expect(await run("ssh", ["-F", file, "web", "echo by config"])).toBe("by config\n");
  expect(await run("sh", ["-c", `${sshCommand(server.target)} 'echo by command'`])).toBe("by command\n");
});
