/** Commands on a host go over one connection, against OpenSSH itself: a login is what most of them take. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostNamed } from "../../../core/remote/host.ts";
import { lineOf, runThere } from "../../../core/remote/ssh.ts";
import { type RemoteHost, remoteHost, sshFor } from "../../support/remote-host.ts";
import { scratch } from "../../support/scratch.ts";

const dir = await scratch("sharing");
const { PATH, GUESTKIT_RUNTIME_DIR } = process.env;
const sockets = () => readdir(join(process.env.GUESTKIT_RUNTIME_DIR ?? "", "ssh")).catch(() => []);
let [lab, count]: [RemoteHost | undefined, number] = [undefined, 0];

beforeEach(async () => {
  process.env.GUESTKIT_RUNTIME_DIR = join(dir, `r${++count}`);
});

afterEach(async () => {
  await lab?.stop();
  // No process is left that waits: ssh's own ends with the host, and takes its socket away.
  await expect.poll(sockets, { timeout: 20_000 }).toEqual([]);
  Object.assign(process.env, { PATH, GUESTKIT_RUNTIME_DIR });
  if (GUESTKIT_RUNTIME_DIR === undefined) delete process.env.GUESTKIT_RUNTIME_DIR;
});

async function open(more = "", config: readonly string[] = []): Promise<RemoteHost> {
  lab = await remoteHost(join(dir, String(count)), "lab", { config });
  process.env.PATH = [await sshFor(join(dir, String(count)), [lab], more), PATH].join(delimiter);
  return lab;
}

async function said(): Promise<string> {
  const there = await runThere(hostNamed("lab"), lineOf(["echo hello", "exit 3"]));
  const words = await text(there.output);
  expect(await there.ended, there.lastWords()).toBe(3);
  return words;
}

/** How often somebody logged in. */
const logins = async ({ server }: RemoteHost) =>
  (await readFile(join(server.folder, "sshd.log"), "utf8")).split("Accepted ").length - 1;

async function isNotShared(host: RemoteHost): Promise<void> {
  expect([await said(), await said(), await logins(host)]).toEqual(["hello\n", "hello\n", 2]);
  expect(await sockets()).toEqual([]);
}

describe("a connection to a host", () => {
  it("is shared by one command after the other, and made anew once it is cut", async () => {
    const host = await open();
    expect([await said(), await said(), await logins(host)]).toEqual(["hello\n", "hello\n", 1]);
    expect(await sockets()).toHaveLength(1);
    expect(host.cut()).toBe(true);
    await expect.poll(sockets, { timeout: 20_000 }).toEqual([]);
    expect([await said(), await logins(host)]).toEqual(["hello\n", 2]);
  });

  it("is shared by those that come at once", async () => {
    await open();
    await said();
    expect(new Set(await Promise.all(Array.from({ length: 5 }, said)))).toEqual(new Set(["hello\n"]));
  });

  it("is each command's own where the host allows no more", async () => {
    const host = await open("", ["MaxSessions 1"]);
    const first = await runThere(hostNamed("lab"), lineOf(["echo up", "cat"]));
    await new Promise((resolve) => first.output.once("data", resolve));
    expect([await said(), await logins(host)]).toEqual(["hello\n", 2]);
    first.input.end();
    expect(await first.ended).toBe(0);
  });

  it.each([
    ["that is the user's own", "ControlMaster auto\n  ControlPersist 5\n  ControlPath"],
    ["where the user wants none", "ControlPath"],
  ])("is left to ssh_config %s", async (_what, words) => {
    const own = join(dir, `own${count}`);
    const host = await open(`Host lab\n  ${words} ${own}\n`);
    await Promise.all([said(), said()]);
    expect([await sockets(), (await logins(host)) > 0]).toEqual([[], true]);
  });

  it("leaves nothing in a folder that others may write to", async () => {
    const folder = process.env.GUESTKIT_RUNTIME_DIR ?? "";
    await mkdir(folder);
    await chmod(folder, 0o777);
    await isNotShared(await open());
  });

  it("leaves nothing in a folder whose name leaves too few bytes for a socket's", async () => {
    process.env.GUESTKIT_RUNTIME_DIR += "x".repeat(80);
    await isNotShared(await open());
  });

  it("is made all the same where there can be no folder for its socket", async () => {
    const host = await open();
    await writeFile(join(dir, "no-folder"), "");
    process.env.GUESTKIT_RUNTIME_DIR = join(dir, "no-folder");
    expect([await said(), await logins(host)]).toEqual(["hello\n", 1]);
  });
});
