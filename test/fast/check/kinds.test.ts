import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Facts, factsOf } from "../../../core/check/facts.ts";
import { checkFile } from "../../../core/check/kinds/file.ts";
import { checkLeftovers } from "../../../core/check/kinds/leftovers.ts";
import { checkPackage } from "../../../core/check/kinds/package.ts";
import { checkService } from "../../../core/check/kinds/service.ts";
import { checkSshd } from "../../../core/check/kinds/sshd.ts";
import { checkUser } from "../../../core/check/kinds/user.ts";
import type { FileRule, LeftoversRule, ServiceRule, UserRule } from "../../../core/check/rule.ts";
import { noCodec } from "../../../core/source/codec.ts";
import { type Content, memoryTree } from "../../support/memory-filesystem.ts";

const digest = (name: string, data: Uint8Array) => new Uint8Array(createHash(name).update(data).digest());
const TODAY = "2026-11-30";

async function factsIn(files: Readonly<Record<string, Content>>, unmounted: readonly string[] = []) {
  const tree = await memoryTree(files);
  const devices = { find: () => null, own: [] };
  return factsOf(
    { device: "/dev/sda1", tree, unmounted, devices, mounts: [], warnings: [] },
    { ...noCodec, digest },
    TODAY,
  );
}

const refusedAs = (code: string) => expect.objectContaining({ code });

const PACKAGES = `Package: openssl
Status: install ok installed
Architecture: amd64
Version: 3.0.11-1~deb12u2

Package: half
Status: install ok half-configured
Architecture: amd64
Version: 1:2-3
`;

describe("a rule about a package", () => {
  const files = { "/etc/os-release": "ID=debian\n", "/var/lib/dpkg/status": PACKAGES };

  it.each([
    ["openssl", "present", null, []],
    ["openssl", "present", ">= 3.0.11-1~deb12u1", []],
    ["openssl", "optional", ">= 3.0.15", ["openssl 3.0.11-1~deb12u2 is not >= 3.0.15"]],
    ["open*", "absent", null, ["openssl 3.0.11-1~deb12u2 is there"]],
    ["telnetd", "absent", null, []],
    ["telnetd", "optional", ">= 1", []],
    ["telnetd", "present", null, ["telnetd is not installed"]],
    ["half", "present", null, ["half 1:2-3 is half-configured"]],
    ["half", "absent", null, ["half 1:2-3 is there"]],
  ] as const)("%s %s %s", async (name, state, version, told) => {
    expect(await checkPackage({ name, state, version }, await factsIn(files))).toEqual(told);
  });

  it("cannot be told without a list, nor by one that is damaged: absent is no guess", async () => {
    const rule = { name: "telnetd", state: "absent", version: null } as const;
    await expect(checkPackage(rule, await factsIn({ "/etc/os-release": "" }))).rejects.toThrow(
      refusedAs("E_CHECK_PACKAGES"),
    );
    for (const empty of [{ "/var/lib/dpkg/status": "" }, { "/var/lib/dpkg/status.d/": "" }])
      await expect(checkPackage(rule, await factsIn(empty))).rejects.toThrow(refusedAs("E_CHECK_PACKAGES"));
    const damaged = await factsIn({ "/var/lib/dpkg/status": { damaged: true } });
    await expect(checkPackage(rule, damaged)).rejects.toThrow();
    await expect(checkPackage(rule, damaged)).rejects.toThrow();
  });
});

const FILE: FileRule = {
  ...{ path: "/etc/motd", state: "present", type: null, owner: null, group: null, mode: null, mode_at_most: null },
  ...{ sha256: null, contains: null, lacks: null, matches: null, matches_not: null },
};

describe("a rule about a file", () => {
  const files = {
    "/etc/motd": "welcome\nhere\n",
    "/etc/link": { link: "motd" },
    "/etc/dangling": { link: "gone" },
    "/etc/passwd": "root:x:0:0:r:/root:/bin/sh\n",
    "/etc/group": "wheel:x:0:\n",
  };
  const sha256 = createHash("sha256").update("welcome\nhere\n").digest("hex");

  it.each<[Partial<FileRule>, readonly string[]]>([
    [{}, []],
    [{ state: "absent" }, ["/etc/motd is there"]],
    [{ path: "/etc/gone" }, ["/etc/gone is not there"]],
    [{ path: "/etc/gone", state: "optional", owner: "nobody" }, []],
    [{ path: "/etc/dangling" }, ["/etc/dangling is not there"]],
    [{ path: "/etc/dangling", state: "absent" }, ["/etc/dangling is there"]],
    [{ path: "/etc/link", contains: "here" }, []],
    [{ path: "/etc/link", type: "symlink" }, []],
    [{ type: "symlink" }, ["/etc/motd is a file"]],
    [{ path: "/etc", type: "directory", contains: "x" }, ["/etc is a directory, and has no content"]],
    [{ owner: "root", group: "wheel", mode: "0755", sha256 }, []],
    [{ owner: "0", group: "0", mode_at_most: "7777" }, []],
    [{ owner: "me", group: "7" }, ["/etc/motd belongs to root", "/etc/motd is of the group wheel"]],
    [{ mode: "0644" }, ["/etc/motd has mode 0755"]],
    [{ mode_at_most: "0644" }, ["/etc/motd has mode 0755: 0111 is too much"]],
    [{ sha256: "00" }, [`/etc/motd has the digest ${sha256}`]],
    [{ contains: "come\nhe", lacks: "gone", matches: "^h.re$", matches_not: "^ome" }, []],
    [{ contains: "gone", lacks: "here" }, ["/etc/motd does not have the text", "/etc/motd has the text"]],
    [{ matches: "^ere" }, ["/etc/motd has no line like ^ere"]],
    [{ matches_not: "ere$" }, ["/etc/motd has a line like ere$"]],
  ])("%j", async (rule, told) => {
    expect(await checkFile({ ...FILE, ...rule }, await factsIn(files))).toEqual(told);
  });

  it("is not told of what would be mounted over it", async () => {
    const facts = await factsIn({ "/var/log/": "" }, ["/var"]);
    const rule = { ...FILE, path: "/var/log/secret", state: "absent" } as const;
    await expect(checkFile(rule, facts)).rejects.toThrow(refusedAs("E_CHECK_UNMOUNTED"));
    expect(await checkFile({ ...rule, path: "/variable" }, facts)).toEqual([]);
  });

  it("knows owners as getpwnam does: several may have one number, and of one name the first counts", async () => {
    const accounts = (passwd: string) => ({ "/etc/motd": "x", "/etc/passwd": passwd });
    const two = accounts("toor:x:0:0::/root:/bin/sh\nroot:x:0:0::/root:/bin/sh\n");
    expect(await checkFile({ ...FILE, owner: "root" }, await factsIn(two))).toEqual([]);
    const late = accounts("me:x:7:7::/:/bin/sh\nme:x:0:0::/:/bin/sh\n");
    expect(await checkFile({ ...FILE, owner: "me" }, await factsIn(late))).toEqual(["/etc/motd belongs to me"]);
  });
});

describe("what is mounted from elsewhere", () => {
  const FILES = {
    "/etc/passwd": "me:x:7:7::/home/me:/bin/sh\n",
    "/etc/systemd/system/own.service": "[Service]\n",
    "/home": { link: "data/homes" },
    ...{ "/usr/sbin/": "", "/data/homes/": "", "/var/log/audit/": "" },
  };
  const UNMOUNTED = ["/usr", "/data", "/data/more", "/var/log/audit", "/nowhere"];

  it.each<[string, (facts: Facts) => Promise<unknown>]>([
    ["behind a link", (facts) => checkFile({ ...FILE, path: "/home/secret", state: "absent" }, facts)],
    ["where units lie", (facts) => checkService({ name: "telnet", state: "disabled" }, facts)],
    ["where the server lies", (facts) => checkSshd({ setting: "PasswordAuthentication", allowed: ["no"] }, facts)],
    ["below a folder that is walked", (facts) => checkLeftovers({ kinds: ["logs"], allowed: [] }, facts)],
    ["in a home behind a link", (facts) => checkLeftovers({ kinds: ["history"], allowed: [] }, facts)],
    ["in a home, by facts", (facts) => checkLeftovers({ kinds: ["private_keys"], allowed: [] }, facts)],
  ])("is not known %s", async (_, judge) => {
    await expect(judge(await factsIn(FILES, UNMOUNTED))).rejects.toThrow(refusedAs("E_CHECK_UNMOUNTED"));
    await expect(judge(await factsIn(FILES))).resolves.toEqual([]);
  });
});

describe("a rule about a service", () => {
  const state = async (name: string, wanted: ServiceRule["state"], files: Readonly<Record<string, Content>>) =>
    await checkService({ name, state: wanted }, await factsIn(files));
  const SYSTEMD = {
    "/usr/lib/systemd/systemd": "elf",
    "/lib": { link: "usr/lib" },
    "/usr/lib/systemd/system/ssh.service": "[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n",
    "/etc/systemd/system/sshd.service": { link: "/lib/systemd/system/ssh.service" },
    "/usr/lib/systemd/system/own.timer": "[Timer]\n",
    "/etc/init.d/old": "#!/bin/sh\n",
    "/etc/init.d/off": "#!/bin/sh\n",
    "/etc/systemd/system/multi-user.target.wants/ssh.service": { link: "/lib/systemd/system/ssh.service" },
    "/etc/systemd/system/telnet.socket": { link: "/dev/null" },
    "/usr/lib/systemd/system/timers.target.wants/own.timer": { link: "../own.timer" },
    "/usr/lib/systemd/system/off.service": "[Unit]\n",
    "/etc/rc2.d/S01old": { link: "../init.d/old" },
    "/etc/rc2.d/S02off": { link: "../init.d/off" },
  };

  it.each([
    ["ssh", "enabled", []],
    ["ssh.service", "disabled", ["ssh.service is enabled"]],
    ["sshd", "enabled", []],
    ["ssh", "masked", ["ssh is enabled"]],
    ["telnet.socket", "masked", []],
    ["telnet.socket", "disabled", []],
    ["own.timer", "enabled", []],
    ["gone", "disabled", []],
    ["old", "enabled", []],
    ["off", "disabled", []],
  ] as const)("%s %s with systemd", async (name, wanted, told) => {
    expect(await state(name, wanted, SYSTEMD)).toEqual(told);
  });

  it("knows OpenRC's runlevels and scripts of System V, and tells nothing where there is neither", async () => {
    const openrc = {
      "/etc/runlevels/default/sshd": { link: "/etc/init.d/sshd" },
      "/etc/init.d/sshd": "#!/sbin/openrc-run",
    };
    expect(await state("sshd", "enabled", openrc)).toEqual([]);
    expect(await state("crond", "enabled", openrc)).toEqual(["crond is disabled"]);
    expect(await state("cron", "enabled", { "/etc/rc2.d/S01cron": "", "/etc/init.d/cron": "" })).toEqual([]);
    await expect(state("sshd", "disabled", { "/etc/os-release": "" })).rejects.toThrow(refusedAs("E_CHECK_SERVICES"));
  });
});

const USER: UserRule = { name: "me", state: "present", uid: null, shell: null, locked: null, groups: null };

describe("a rule about a user", () => {
  const files = {
    "/etc/passwd": "me:x:7:7:M:/home/me:/bin/sh\nroot:x:0:0:r:/root:/bin/sh\nold:$1$a:8:8::/:/bin/sh\nfree::9:9::/:\n",
    "/etc/group": "me:x:7:\nsudo:x:27:me\n",
    "/etc/shadow": "root:*:1::::::\nme:$y$j9T$secret:1::::::\n",
  };

  it.each<[Partial<UserRule>, readonly string[]]>([
    [{ uid: 7, shell: "/bin/sh", groups: ["sudo", "me"], locked: false }, []],
    [{ uid: 8, shell: "/bin/x" }, ["me has the number 7", "me has the shell /bin/sh"]],
    [{ groups: ["sudo", "wheel"] }, ["me is not in the group wheel"]],
    [{ locked: true }, ["a password lets in as me"]],
    [{ name: "root", locked: true }, []],
    [{ name: "root", locked: false }, ["no password lets in as root"]],
    [{ name: "old", locked: true }, ["a password lets in as old"]],
    [{ name: "free", locked: true }, ["free needs no password"]],
    [{ name: "gone" }, ["there is no user gone"]],
    [{ name: "gone", state: "optional", uid: 1 }, []],
    [{ state: "absent" }, ["there is a user me"]],
  ])("%j", async (rule, told) => {
    expect(await checkUser({ ...USER, ...rule }, await factsIn(files))).toEqual(told);
  });

  it("is told by the first line of a name, and not where there are no users", async () => {
    const shadow = "root:$sm3$salt$hash:1::::::\nroot:!:1::::::\n";
    const rule = { ...USER, name: "root", locked: true };
    const twice = await factsIn({ "/etc/passwd": "root:x:0:0::/:/bin/sh\n", "/etc/shadow": shadow });
    expect(await checkUser(rule, twice)).toEqual(["a password lets in as root"]);
    const none = await factsIn({ "/etc/os-release": "" });
    await expect(checkUser({ ...rule, state: "absent" }, none)).rejects.toThrow(refusedAs("E_CHECK_USERS"));
  });
});

describe("a rule about the SSH server", () => {
  const told = async (setting: string, allowed: readonly string[], files: Readonly<Record<string, Content>>) =>
    await checkSshd({ setting, allowed }, await factsIn(files));
  const config = (text: string) => ({ "/usr/sbin/sshd": "elf", "/etc/ssh/sshd_config": text });

  it("is about what counts for everybody and for some, in any spelling", async () => {
    const text = config(
      "Port 22\nport 2222\nPermitRootLogin without-password\nPermitRootLogin yes\nMatch User x\nX11Forwarding yes\n",
    );
    expect(await told("permitrootlogin", ["prohibit-password"], text)).toEqual([]);
    expect(await told("PermitRootLogin", ["no"], text)).toEqual([
      "PermitRootLogin is without-password (/etc/ssh/sshd_config)",
    ]);
    expect(await told("X11Forwarding", ["no"], text)).toEqual(["X11Forwarding is yes for User x"]);
    expect(await told("X11Forwarding", ["No", "yes"], text)).toEqual([]);
    expect(await told("Port", ["22"], text)).toEqual(["Port is 2222 (/etc/ssh/sshd_config)"]);
    expect(await told("Port", ["22", "2222"], text)).toEqual([]);
  });

  it("is about the default where nothing is said, and about nothing where there is no server", async () => {
    expect(await told("PasswordAuthentication", ["no"], config(""))).toEqual([
      "PasswordAuthentication is yes (where nothing is said)",
    ]);
    expect(await told("ChallengeResponseAuthentication", ["no"], config("KbdInteractiveAuthentication no\n"))).toEqual(
      [],
    );
    await expect(told("Ciphers", ["x"], config(""))).rejects.toThrow(refusedAs("E_CHECK_SSHD"));
    expect(await told("Ciphers", ["x"], { "/etc/os-release": "" })).toEqual([]);
  });

  it.each([`PermitRootLogin yes ${" ".repeat(5000)}\n`, `${"AcceptEnv LANG\n".repeat(20_000)}PermitRootLogin yes\n`])(
    "is not told by a part of the files",
    async (text) => {
      await expect(told("PermitRootLogin", ["prohibit-password"], config(text))).rejects.toThrow(
        refusedAs("E_SSHD_SIZE"),
      );
    },
  );
});

describe("a rule about leftovers", () => {
  const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
  const left = async (
    kinds: LeftoversRule["kinds"],
    files: Readonly<Record<string, Content>>,
    { allowed = [] as readonly string[], unmounted = [] as readonly string[] } = {},
  ) =>
    await checkLeftovers(
      { kinds, allowed },
      await factsIn({ "/etc/passwd": "me:x:7:7:M:/srv/me:/bin/sh\n", ...files }, unmounted),
    );

  it("names the files, in each user's home and in those that nobody has", async () => {
    const files = {
      "/srv/me/.ssh/id_ed25519": KEY,
      "/srv/me/.ssh/id_ed25519.pub": "ssh-ed25519 AAAA\n",
      "/home/gone/.aws/credentials": "[default]\naws_secret_access_key = a\n",
      "/root/.docker/config.json": '{"auths":{}}',
      "/root/.npmrc": "//r/:_authToken=abc\n",
      "/root/.bash_history": "",
    };
    expect(await left(["private_keys", "tokens", "history"], files)).toEqual([
      "/home/gone/.aws/credentials is there",
      "/root/.npmrc is there",
      "/srv/me/.ssh/id_ed25519 is there",
    ]);
    expect(await left(["private_keys"], files, { allowed: ["/srv/*/id_*"] })).toEqual([]);
  });

  it.each([
    ["", []],
    ["uninitialized\n", []],
    ["0123456789abcdef0123456789abcdef\n", ["/etc/machine-id is there"]],
  ])("takes the machine-id %j for what it is", async (text, told) => {
    const files = { "/etc/machine-id": text, "/var/lib/dbus/machine-id": { link: "/etc/machine-id" } };
    expect(await left(["machine_id"], files)).toEqual(told);
  });

  it("follows what leads to a file, takes no home for a pattern, and what it has not seen for there", async () => {
    const files = {
      "/etc/passwd": "me:x:7:7:M:/:/bin/sh\n",
      "/root/.ssh/authorized_keys": { link: "../keys" },
      "/root/.ssh/authorized_keys2": { link: "../keys" },
      "/root/keys": `${"# none\n".repeat(10_000)}ssh-ed25519 AAAA\n`,
      "/home/[a]/.bash_history": "ls\n",
      "/.viminfo": "x\n",
      "/root/.bash_history": { link: "/dev/null" },
      "/var/log": { link: "../srv/log" },
      "/srv/log/x": "x\n",
      "/srv/log/README": { link: "/etc/passwd" },
    };
    expect(await left(["authorized_keys", "history", "logs"], files)).toEqual([
      "/.viminfo is there",
      "/home/[a]/.bash_history is there",
      "/root/.ssh/authorized_keys is there",
      "/var/log/x is there",
    ]);
  });

  it("looks for keys where the server does", async () => {
    const files = {
      "/etc/ssh/sshd_config": "AuthorizedKeysFile /etc/keys/%u .own none\nMatch User me\nAuthorizedKeysFile /m/%U\n",
      ...{ "/etc/keys/me": "ssh-ed25519 A\n", "/srv/me/.own": "ssh-ed25519 A\n", "/m/7": "ssh-ed25519 A\n" },
      "/etc/keys/root": "# none\n",
    };
    expect(await left(["authorized_keys"], files)).toEqual([
      "/etc/keys/me is there",
      "/m/7 is there",
      "/srv/me/.own is there",
    ]);
  });

  it("looks below folders, and tells how many more there are", async () => {
    const logs = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`/var/log/a/b/${10 + at}`, "x"]));
    const told = await left(["logs"], { ...logs, "/var/log/a/empty": "" });
    expect(told.slice(-2)).toEqual(["/var/log/a/b/19 is there", "2 more files"]);
  });

  it("does not say that nothing is left where it cannot look", async () => {
    await expect(left(["logs"], {}, { unmounted: ["/var"] })).rejects.toThrow(refusedAs("E_CHECK_UNMOUNTED"));
    await expect(left(["history"], {}, { unmounted: ["/home"] })).rejects.toThrow(refusedAs("E_CHECK_UNMOUNTED"));
    await expect(left(["history"], {}, { unmounted: ["/srv"] })).rejects.toThrow(refusedAs("E_CHECK_UNMOUNTED"));
    expect(await left(["host_keys"], {}, { unmounted: ["/home"] })).toEqual([]);
  });
});
