import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { contractOf } from "../../../core/model/index.ts";
import type { Value } from "../../../core/model/value.ts";
import { forgetWayIn, keepWayIn, waysHere, waysToldBy } from "../../../core/remote/way-in.ts";
import { scratch } from "../../support/scratch.ts";

const data = await scratch("way-in");
const web = { host: "lab", id: "web" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const HOST_KEY = `ssh-ed25519 ${"A".repeat(68)}`;
const good = { host: "127.0.0.1", port: 2222, user: "root", key: base64("-----BEGIN\n"), known_hosts: null };
const kept = (more: object, entrance = web) => keepWayIn({ ...good, ...more } as Value, entrance);

beforeEach(() => vi.stubEnv("GUESTKIT_DATA_DIR", data));

it("keeps what is needed to log in by way of a host, for its user alone, until the thing is gone", async () => {
  const target = await kept({ known_hosts: base64(`web ${HOST_KEY}\nweb a line of no key\n`) });
  expect(target).toMatchObject({ name: "web", user: "root", keyFile: join(data, "hosts/lab/web/ssh_key") });
  expect(await readFile(target.keyFile, "utf8")).toBe("-----BEGIN\n");
  expect((await stat(target.keyFile)).mode & 0o077).toBe(0);
  expect(await readFile(target.knownHostsFile, "utf8")).toBe(`web ${HOST_KEY}\n`);
  const config = await readFile(join(data, "hosts/lab/web/ssh_config"), "utf8");
  expect(config).toMatch(/^Host web\n.*ProxyCommand ssh .*lab .*StrictHostKeyChecking yes/s);
  await forgetWayIn(web);
  expect(await readdir(join(data, "hosts/lab"))).toEqual([]);
});

it("takes users and addresses as machines have them", async () => {
  for (const host of ["fe80::1%eth0", "10.0.0.2", "web.example"]) expect((await kept({ host })).host).toBe(host);
  for (const user of ["debian", "CORP\\me", "me@corp", "j\u00fcrgen", "a-b"])
    expect((await kept({ user })).user).toBe(user);
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
  for (const port of [0, -1, 65_536, 1.5, "22", "22\n  ProxyCommand x", null]) {
    await expect(kept({ port })).rejects.toMatchObject(refused);
  }
  for (const key of [null, 1, "A".repeat(1 << 20)]) await expect(kept({ key })).rejects.toMatchObject(refused);
  for (const told of [null, [], "web", {}]) await expect(keepWayIn(told, web)).rejects.toMatchObject(refused);
  for (const id of ["", "..", "-x", "a b", "*", "a/b"]) {
    await expect(kept({}, { ...web, id })).rejects.toMatchObject(refused);
  }
  await kept({}, { ...web, host: ".." });
  expect(await readdir(join(data, "hosts"))).toContain("%2E%2E");
  expect(await readdir(data)).toEqual(["hosts"]);
});

it("leads there from here in what a host tells of a thing, and of what refers to it", () => {
  const machine = contractOf("virtual_machine", "resource");
  const { reachable } = machine;
  const told = {
    ssh_key_file: "/h/key",
    ssh_known_hosts: "/h/known",
    ssh_config: null,
    ssh_command: "touch x",
    pid: 1,
  };
  expect(reachable && waysHere(told, reachable, web)).toEqual({
    ...{ ssh_key_file: join(data, "hosts/lab/web/ssh_key"), ssh_known_hosts: join(data, "hosts/lab/web/known_hosts") },
    ...{ ssh_config: join(data, "hosts/lab/web/ssh_config"), pid: 1 },
    ssh_command: `ssh -F ${join(data, "hosts/lab/web/ssh_config")} web`,
  });
  const none = { ssh_command: null, pid: null };
  expect(reachable && waysHere(none, reachable, web)).toEqual(none);
  expect(waysToldBy(contractOf("virtual_machine_info", "query"))).toMatchObject({ thing: machine, by: "name" });
  expect(waysToldBy(contractOf("vm_up", "action"))).toMatchObject({ thing: machine, by: "name" });
  expect(waysToldBy(contractOf("vm_stop", "action"))).toBeNull();
});
