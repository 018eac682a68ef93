import { expect, it } from "vitest";
import { redactor } from "../../../core/communicator/provision/redact.ts";
import { parseClientLog } from "../../../core/communicator/ssh/client-log.ts";
import { loginFailure } from "../../../core/communicator/ssh/failure.ts";
import { parseKeys, type SshTarget, sshConfig, sshTarget } from "../../../core/communicator/ssh/index.ts";
import { quoteValue } from "../../../core/communicator/ssh/options.ts";
import { asCallerPath } from "../../../core/kit/caller-path.ts";
import { shellQuote } from "../../../core/kit/shell.ts";
import { isEstablished } from "../../../core/lifecycle/ready/condition/probe.ts";
import { machineFolder } from "../../../core/machine/folder.ts";
import { makeKeyPair, publicHalf } from "../../../core/machine/key-format.ts";
import { machineOf, networkOf } from "../../support/machine.ts";

const folder = machineFolder("web", { dataDir: "/d", cacheDir: "/c", runtimeDir: "/r", mirror: null });
const forward = (network: string, guest_port: number, host_port: number, host_address = "127.0.0.1") => ({
  ...{ network, name: "x", protocol: "tcp", host_address, host_port, guest_port },
});

it("goes by the forward to the port, on the network that is named", () => {
  const run = { forwards: [forward("a", 80, 1), forward("a", 22, 2, "0.0.0.0"), forward("b", 22, 3)] };
  const machine = machineOf({ name: "web" });
  expect(sshTarget(machine, folder, run)).toMatchObject({ host: "127.0.0.1", port: 2, user: "root", ownKey: true });
  const ssh = { user: "me", port: 22, private_key: asCallerPath("/key"), network: "b" };
  expect(sshTarget({ ...machine, ssh }, folder, run)).toMatchObject({
    port: 3,
    user: "me",
    keyFile: "/key",
    ownKey: false,
  });
  expect(sshTarget({ ...machine, ssh: { ...ssh, port: 2222 } }, folder, run)).toBeNull();
});

it("goes by an address where the host reaches the guest's network, and as the user whom cloud-init makes", () => {
  const networks = { lan: networkOf("bridge", { addresses: ["10.0.0.2/24"] }), link: networkOf("link") };
  const machine = machineOf({ name: "web", networks, cloud_init: { users: { admin: {} } } });
  expect(sshTarget(machine, folder, { forwards: [] })).toMatchObject({ host: "10.0.0.2", port: 22, user: "admin" });
});

it("makes a key whose public half is in its file", () => {
  const { privateKey, publicKey } = makeKeyPair("guestkit-web");
  expect(`${publicHalf(privateKey)} guestkit-web`).toBe(publicKey);
  expect(publicKey).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43} guestkit-web$/);
  expect(privateKey.split("\n").every((line) => line.length <= 70)).toBe(true);
  expect(publicHalf("-----BEGIN PRIVATE KEY-----")).toBeNull();
  expect(publicHalf("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----")).toBeNull();
});

it("quotes words for shells and paths for ssh_config", () => {
  expect(["a.b/c", "it's", "", "$x"].map(shellQuote)).toEqual(["a.b/c", "'it'\\''s'", "''", "'$x'"]);
  expect(["/a/b", "/a b/100%", '/a"b'].map(quoteValue)).toEqual(["/a/b", '"/a b/100%%"', '"/a\\"b"']);
});

it("tells what the client says by itself from how the command ended", () => {
  const log = `OpenSSH_9.2p1\r\nAuthenticated to 127.0.0.1 ([127.0.0.1]:2) using "publickey".\r\ndebug1: client_input_channel_req: channel 0 rtype exit-status reply 0\r\n`;
  expect(parseClientLog(log)).toEqual({ authenticated: true, end: "exit", said: "" });
  expect(parseClientLog("debug1: x\nssh: connect to host a port 1: Connection refused\n")).toMatchObject({
    ...{ authenticated: false, end: undefined, said: expect.stringContaining("Connection refused") },
  });
});

it.each([
  ["Host key verification failed.", "E_SSH_HOST_KEY"],
  ["root@127.0.0.1: Permission denied (publickey).", "E_SSH_DENIED"],
  ["kex_exchange_identification: Connection closed by remote host", "E_SSH_UNREACHABLE"],
  ["Connection timed out during banner exchange", "E_SSH_UNREACHABLE"],
  ["no matching host key type found. Their offer: ssh-rsa", "E_SSH"],
])("knows %s", (said, code) => {
  expect(loginFailure({ name: "web", host: "::1", port: 2, user: "u", keyFile: "k" } as SshTarget, said)).toMatchObject(
    {
      code,
      message: expect.stringContaining('Cannot log in to "web"'),
    },
  );
});

it("takes host keys from public key files alone", () => {
  const text = "ssh-ed25519 AAAAC3 root@web\necdsa-sha2-nistp256 AAAAE2= x\ncat: no such file\n# ssh-rsa AAAA\n";
  expect(parseKeys(text)).toEqual(["ssh-ed25519 AAAAC3", "ecdsa-sha2-nistp256 AAAAE2="]);
});

it("knows an answered connection in QEMU's table", () => {
  const table = `Hub -1 (lan):
  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
  TCP[ESTABLISHED]   23       127.0.0.1 2201       10.0.2.15    22     0     0
  TCP[SYN_SENT]      24       127.0.0.1 2202       10.0.2.15    80     0     0
  TCP[HOST_FORWARD]  17       127.0.0.1 2203       10.0.2.15    22     0     0\r\n`;
  expect([2201, 2202, 2203, 22].map((port) => isEstablished(table, port))).toEqual([true, false, false, false]);
});

it("masks secrets, line by line as well", () => {
  const redact = redactor(["first line\nsecond line", "abc"]);
  expect(redact("+ echo second line abc")).toBe("+ echo *** abc");
});

it("writes no value into ssh_config that would be a line of its own", () => {
  const target: SshTarget = {
    ...{ name: "web", host: "fe80::1%eth0", port: 22, user: "root", keyFile: "/k", ownKey: true },
    ...{ knownHostsFile: "/h", logFolder: "/l", proxyCommand: "ssh lab" },
  };
  expect(sshConfig(target)).toContain("  HostName fe80::1%%eth0\n");
  for (const field of ["name", "host", "user", "keyFile", "knownHostsFile", "proxyCommand"]) {
    const odd = { ...target, [field]: "x\n  ProxyCommand touch y" };
    expect(() => sshConfig(odd), field).toThrow(expect.objectContaining({ code: "E_SSH_CONFIG" }));
  }
});
