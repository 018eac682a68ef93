import { chmod, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import type { Reachable } from "../../../core/model/contract.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { Value } from "../../../core/model/value.ts";
import { forgetWayIn, keepWayIn, waysHere, waysToldBy } from "../../../core/remote/way-in.ts";
import { scratch } from "../../support/scratch.ts";

const data = await scratch("way-in");
const web = { host: "lab", id: "web" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const HOST_KEY = `ssh-ed25519 ${"A".repeat(68)}`;
const good = { host: "127.0.0.1", port: 2222, user: "root", key: base64("-----BEGIN\n"), own_key: true };
const here = join(data, "hosts/lab/web");
const kept = (more: object, entrance = web) => keepWayIn({ ...good, ...more } as Value, entrance);

beforeEach(async () => {
  vi.stubEnv("GUESTKIT_DATA_DIR", data);
  await rm(join(data, "hosts"), { recursive: true, force: true });
});

it("keeps what is needed to log in by way of a host, for its user alone, until the thing is gone", async () => {
  const { target } = await kept({ known_hosts: base64(`web ${HOST_KEY}\nweb a line of no key\n`) });
  expect(target).toMatchObject({ name: "web", user: "root", keyFile: join(here, "ssh_key") });
  expect(await readFile(join(here, "ssh_key"), "utf8")).toBe("-----BEGIN\n");
  for (const path of [here, join(here, ".."), join(here, "ssh_key")]) expect((await stat(path)).mode & 0o077).toBe(0);
  expect(await readFile(target.knownHostsFile, "utf8")).toBe(`web ${HOST_KEY}\n`);
  const config = await readFile(join(here, "ssh_config"), "utf8");
  expect(config).toMatch(/^Host web\n.*ProxyCommand ssh .*lab .*StrictHostKeyChecking yes/s);
  await forgetWayIn(web);
  expect(await readdir(join(data, "hosts/lab"))).toEqual([]);
});

it("takes users and addresses as machines have them", async () => {
  for (const host of ["fe80::1%eth0", "10.0.0.2", "web.example"]) expect((await kept({ host })).target.host).toBe(host);
  for (const user of ["debian", "CORP\\me", "me@corp", "j\u00fcrgen", "a-b"])
    expect((await kept({ user })).target.user).toBe(user);
});

it("takes nothing that ssh or its configuration would take for more, and keeps nothing elsewhere", async () => {
  const refused = { code: "E_HOST_GUEST" };
  const words = [
    "root\n  ProxyCommand touch x",
    "-oProxyCommand=x",
    "",
    "a b",
    "a\tb",
    "a\0",
    "$(x)",
    "${X}",
    '"',
    "#",
    1,
  ];
  for (const word of [...words, null, ["root"], "x".repeat(256)]) {
    await expect(kept({ host: word }), JSON.stringify(word)).rejects.toMatchObject(refused);
    await expect(kept({ user: word }), JSON.stringify(word)).rejects.toMatchObject(refused);
  }
  for (const user of ["me%h", "%u"]) await expect(kept({ user })).rejects.toMatchObject(refused);
  for (const port of [0, -1, 65_536, 1.5, "22", "22\n  ProxyCommand x", null]) {
    await expect(kept({ port })).rejects.toMatchObject(refused);
  }
  for (const key of [1, ["A"], "A".repeat(1 << 20)]) await expect(kept({ key })).rejects.toMatchObject(refused);
  for (const told of [null, [], "web", {}]) await expect(keepWayIn(told, web)).rejects.toMatchObject(refused);
  for (const id of ["", "..", "-x", "a b", "*", "a/b"]) {
    await expect(kept({}, { ...web, id })).rejects.toMatchObject(refused);
  }
  await kept({}, { ...web, host: ".." });
  expect(await readdir(join(data, "hosts"))).toContain("%2E%2E");
  expect(await readdir(data)).toEqual(["hosts"]);
});

const configHere = () => readFile(join(here, "ssh_config"), "utf8");

it("leads there by the user's own keys where the thing has none, and forgets an earlier one", async () => {
  await kept({});
  const { target } = await kept({ key: null });
  expect(target.keyFile).toBeNull();
  expect(await readdir(here)).toEqual(["ssh_config"]);
  expect(await configHere()).not.toMatch(/Identity/);
});

it("keeps a declared key that came with a login for the looks that follow, apart from the thing's own", async () => {
  await kept({});
  const { target } = await kept({ own_key: false });
  expect(target).toMatchObject({ keyFile: join(here, "declared_key"), ownKey: false });
  expect((await kept({ own_key: false, key: null })).target.keyFile).toBe(target.keyFile);
  expect((await readdir(here)).toSorted()).toEqual(["declared_key", "ssh_config"]);
  expect(await configHere()).not.toContain("IdentityAgent none");
  expect((await kept({})).target.keyFile).toBe(join(here, "ssh_key"));
  expect((await readdir(here)).toSorted()).toEqual(["ssh_config", "ssh_key"]);
});

it("knows a thing that was made anew by nothing of the earlier one", async () => {
  await kept({ known_hosts: base64(`web ${HOST_KEY}\n`) });
  const { knownHosts } = await kept({});
  expect(knownHosts).toBeNull();
  expect((await readdir(here)).toSorted()).toEqual(["ssh_config", "ssh_key"]);
  expect(await configHere()).toContain("StrictHostKeyChecking accept-new");
});

it("takes a folder that an earlier release left open from others", async () => {
  await mkdir(here, { recursive: true });
  await chmod(here, 0o755);
  await kept({});
  expect((await stat(here)).mode & 0o077).toBe(0);
});

it("leads there from here in what a host tells of a thing, by what was checked and kept alone", async () => {
  const machine = contractOf("virtual_machine", "resource");
  const reachable = machine.reachable as Reachable;
  const way = await kept({ known_hosts: base64(`web ${HOST_KEY}\n`) });
  const { host, port, user, key, knownHosts, config, command } = reachable;
  const names = [host, port, user, key, knownHosts, config, command].map(String);
  const evil: readonly Value[] = ["-oProxyCommand=touch x", "127.0.0.1", 22, null, ["-x"]];
  for (const word of evil) {
    const told = { id: "-x", ...Object.fromEntries(names.map((name) => [name, word])), pid: 1 };
    expect(waysHere(told, reachable, "web", way)).toEqual({
      ...{ id: "web", ssh_host: "127.0.0.1", ssh_port: 2222, ssh_user: "root", pid: 1 },
      ...{ ssh_key_file: join(here, "ssh_key"), ssh_known_hosts: join(here, "known_hosts") },
      ...{ ssh_config: join(here, "ssh_config"), ssh_command: `ssh -F ${join(here, "ssh_config")} web` },
    });
    const none = Object.fromEntries(names.map((name) => [name, null]));
    expect(waysHere(told, reachable, "web", null)).toEqual({ id: "web", ...none, pid: 1 });
  }
  const bare = await kept({ key: null });
  const few = { ssh_key_file: "/h/key", ssh_known_hosts: "/h/known" };
  expect(waysHere(few, reachable, "web", bare)).toEqual({ ssh_key_file: null, ssh_known_hosts: null });
  expect(waysToldBy(contractOf("virtual_machine_info", "query"))).toMatchObject({ thing: machine, by: "name" });
  expect(waysToldBy(contractOf("vm_up", "action"))).toMatchObject({ thing: machine, by: "name" });
  expect(waysToldBy(contractOf("vm_stop", "action"))).toBeNull();
});
