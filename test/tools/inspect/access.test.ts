import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Access, access } from "../../../core/guest/facts/access/index.ts";
import { guestkitText } from "../../support/cli.ts";
import { debianImage } from "../../support/debian-fixture.ts";
import { knownSystem } from "../../support/known-system.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

type Files = Readonly<Record<string, string>>;

/** A real Debian's programs, run inside its tree. */
const root = await scratch("access");
const inside = (program: string, ...args: readonly string[]) =>
  run("bwrap", [
    ...["--bind", root, "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/run", "--dir", "/run/sshd"],
    ...[program, ...args],
  ]);

let image = "";
beforeAll(async () => {
  const { path, tar } = await debianImage();
  image = path;
  const folders = [
    "etc",
    "lib",
    "lib64",
    "bin",
    "sbin",
    "usr/bin",
    "usr/sbin",
    "usr/lib64",
    "usr/libexec/sudo",
    "usr/lib/x86_64-linux-gnu",
  ];
  await run("tar", ["-C", root, "-xf", tar, ...folders.map((folder) => `./${folder}`)]);
});

/** Puts files into the tree; the group as it is read of it. */
async function withFiles(files: Files): Promise<Access> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { mode: 0o440 });
  }
  return await access.read(await knownSystem(await memoryTree(files)));
}

describe("passwords", () => {
  const HASHES = {
    root: "*",
    a: "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
    b: "!$6$rounds=1000$saltstring$x",
    c: "",
    d: "!",
    e: "*",
    f: "$1$abcdefgh$irWbblnpmw.5z7wgBnprh0",
  };

  it("are in the state that passwd -S tells", async () => {
    const names = Object.keys(HASHES);
    const ages = ["20000:0:99999:7:::", "19000:1:30:5:10:25000:", "20500::::::"];
    const files = {
      "/etc/passwd": names.map((name, at) => `${name}:x:${at}:0::/:/bin/sh\n`).join(""),
      "/etc/shadow": Object.values(HASHES)
        .map((hash, at) => `${names[at]}:${hash}:${ages[at % 3]}\n`)
        .join(""),
    };
    const { passwords } = await withFiles(files);
    const letters = { set: "P", none: "NP", locked: "L", never: "L" };
    const shown = passwords?.map(({ name, state, changed, min_days, max_days, warn_days, inactive_days }) =>
      [name, letters[state], changed, ...[min_days, max_days, warn_days, inactive_days].map((each) => each ?? -1)].join(
        " ",
      ),
    );
    expect(shown).toEqual((await inside("passwd", "-S", "-a")).trimEnd().split("\n"));
    expect(passwords?.map(({ state, algorithm }) => `${state} ${algorithm}`)).toEqual([
      ...["never null", "set yescrypt", "locked sha512", "none null", "never null", "never null", "set md5"],
    ]);
    expect(passwords?.find(({ expires }) => expires !== null)?.expires).toBe("2038-06-13");
    expect(JSON.stringify(passwords)).not.toMatch(/\$|saltstring|irWb/);
  });
});

type Node = Readonly<Record<string, unknown>>;

const PREFIX: Readonly<Record<string, string>> = { usergroup: "%", userid: "#", usergid: "%#", netgroup: "+" };

/** `{ "usergroup": "sudo", "negated": true }` as `!%sudo`. */
function spelled({ negated, ...thing }: Node): string {
  const [[kind, name] = ["", ""]] = Object.entries(thing);
  return `${negated ? "!" : ""}${PREFIX[kind] ?? ""}${name}`;
}

const all = (nodes: unknown) => ((nodes ?? []) as readonly Node[]).map(spelled);

/** A line for each user list, host list and command, in the words of the report. */
function rulesOf(told: Node): readonly string[] {
  return ((told.User_Specs ?? []) as readonly Node[]).flatMap((spec) =>
    (spec.Cmnd_Specs as readonly Node[]).flatMap((each) => {
      const options = (each.Options ?? []) as readonly Node[];
      const nopasswd = options.some(({ authenticate }) => authenticate === false);
      const as = [all(each.runasusers), all(each.runasgroups).map((name) => name.replace(/^%/, ""))];
      return all(each.Commands).map((command) =>
        JSON.stringify([all(spec.User_List), all(spec.Host_List), ...as, command, nopasswd]),
      );
    }),
  );
}

/** Whether it is what cvtsudoers makes of these files; the number of rules. */
async function agrees(files: Files): Promise<number> {
  const { sudo } = await withFiles(files);
  const ours = sudo?.rules.flatMap(({ users, hosts, as_users, as_groups, commands, nopasswd }) =>
    commands.map((command) => JSON.stringify([users, hosts, as_users, as_groups, command, nopasswd])),
  );
  const told = JSON.parse(await inside("cvtsudoers", "-f", "json", "/etc/sudoers"));
  expect(ours).toEqual(rulesOf(told));
  const aliases = ["User_Aliases", "Command_Aliases"].flatMap((kind) => Object.entries((told[kind] ?? {}) as Node));
  const named = sudo?.aliases.map(({ name, members }) => [name, members]);
  expect(named?.sort()).toEqual(aliases.map(([name, members]) => [name, all(members)]).sort());
  return ours?.length ?? 0;
}

async function emptyFolder(): Promise<void> {
  for (const name of await readdir(join(root, "etc/sudoers.d"))) await rm(join(root, "etc/sudoers.d", name));
}

describe("sudoers", () => {
  it.each<[string, Files]>([
    ["groups and users", { "/etc/sudoers": "root ALL=(ALL:ALL) ALL\n%sudo ALL=(ALL:ALL) NOPASSWD: ALL\n# x\n" }],
    [
      "lists, tags that go on, other hosts",
      {
        "/etc/sudoers":
          "a, b  h1 , h2 = (www) NOPASSWD: /bin/a, /bin/b -x, PASSWD: /bin/c : h3 = (:adm) NOEXEC: /bin/d\\, e\n" +
          "!c, %d, #1001, +net ALL = ! /bin/su, sudoedit /etc/motd, NOPASSWD:SETENV: /bin/x \\\n  more # end\n",
      },
    ],
    [
      "aliases, settings, quotes and escapes",
      {
        "/etc/sudoers":
          "User_Alias ADMINS = a, %wheel : OPS = b\nCmnd_Alias STOP = /sbin/halt, /sbin/reboot\nDefaults:ADMINS !authenticate\n" +
          'ADMINS ALL = STOP, (OPS) /bin/echo "a b", /bin/e \\: \\=x a=b\n"%domain users" ALL=(root) ALL\nd\\ e ALL=ALL\n',
      },
    ],
    [
      "includes",
      {
        "/etc/sudoers": "@include sudoers.more\n#includedir /etc/sudoers.d\n",
        "/etc/sudoers.more": "m ALL=(ALL) ALL\n",
        "/etc/sudoers.d/20": "n ALL=ALL\n",
        "/etc/sudoers.d/10": "o ALL=ALL\n",
        "/etc/sudoers.d/a.rpmnew": "p ALL=ALL\n",
        "/etc/sudoers.d/q~": "q ALL=ALL\n",
      },
    ],
  ])("says what cvtsudoers makes of it: %s", async (_, files) => {
    await emptyFolder();
    expect(await agrees({ "/etc/passwd": "", ...files })).toBeGreaterThan(1);
  });

  it("says what cvtsudoers makes of files made at random", async () => {
    await emptyFolder();
    await fc.assert(
      fc.asyncProperty(sudoersText, async (text) => {
        await agrees({ "/etc/passwd": "", "/etc/sudoers": text });
      }),
      { numRuns: 40 },
    );
  });
});

const spaced = (list: fc.Arbitrary<string>) =>
  fc
    .array(list, { minLength: 1, maxLength: 3 })
    .chain((all) => fc.constantFrom(",", ", ", " , ").map((by) => all.join(by)));
const who = spaced(
  fc.constantFrom("a", "%wheel", "#1000", "%#10", "+net", "ALL", "!b", "! c", '"d e"', "f\\ g", "ADMINS"),
);
const where = spaced(fc.constantFrom("ALL", "h1", "!h2", "10.0.0.0/8", "+hosts"));
const runAs = fc.constantFrom("", "(www)", "(a, b)", "(a : g)", "(:g)", "( ALL : ALL )", "(%adm, #0)");
const before = fc.constantFrom("", "NOPASSWD:", "PASSWD: ", "NOPASSWD : NOEXEC:", "SETENV:");
const what = fc.constantFrom(
  ...[
    "ALL",
    "/bin/a",
    "!/bin/su",
    "! /bin/su",
    "/bin/b -x *",
    "/bin/c x\\,y",
    '/bin/d ""',
    '/bin/e "a\\, b"  c',
    "/bin/f a=b",
  ],
  ...[
    "sudoedit /etc/motd",
    "/bin/g \\:x",
    "/bin/",
    "STOP",
    "sha224:d7910e1967342b4605cb73a550944044c631d1c0d6d8c4a6e1b7f1cb /bin/h",
  ],
);
const commands = fc
  .array(
    fc.tuple(runAs, before, what).map((parts) => parts.join(" ")),
    { minLength: 1, maxLength: 4 },
  )
  .chain((all) => fc.constantFrom(",", ", ", ",\\\n  ").map((by) => all.join(by)));
const rule = fc
  .tuple(
    who,
    fc.array(
      fc.tuple(where, commands).map(([hosts, list]) => `${hosts} = ${list}`),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([users, groups]) => `${users}\t${groups.join(" : ")}`);
const sudoersText = fc
  .array(fc.oneof({ weight: 4, arbitrary: rule }, fc.constantFrom("# x", "Defaults env_reset, !lecture # y", "")), {
    minLength: 1,
    maxLength: 5,
  })
  .map((lines) => `User_Alias ADMINS = z\nCmnd_Alias STOP = /sbin/halt\n${lines.join("\n")}\n`);

describe("keys", () => {
  it("have the fingerprints that ssh-keygen tells", async () => {
    const types = [["ed25519"], ["rsa", "-b", "2048"], ["ecdsa", "-b", "384"]];
    const publics: string[] = [];
    for (const [type = "", ...more] of types) {
      const path = join(root, `key-${type}`);
      await run("ssh-keygen", ["-q", "-t", type, ...more, "-N", "", "-C", `me at ${type}`, "-f", path]);
      publics.push((await readFile(`${path}.pub`, "utf8")).trim());
    }
    const [first, second, third] = publics;
    const { authorized_keys: keys } = await withFiles({
      "/etc/passwd": "u:x:1000:1000::/home/u:/bin/sh\nv:x:1001:1000::/home/v:/usr/sbin/nologin\n",
      "/etc/ssh/sshd_config": "AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/keys/%u\n",
      "/home/u/.ssh/authorized_keys": `# mine\n${first}\nno-pty,command="echo \\"a b\\"",environment="TOKEN=x y" ${second}\nbroken AAAA\n`,
      "/etc/ssh/keys/v": `${third}\n`,
    });
    const told = await run("sh", [
      "-c",
      'for key; do ssh-keygen -lf "$key"; done',
      "sh",
      ...types.map(([t]) => join(root, `key-${t}.pub`)),
    ]);
    expect(keys.map(({ bits, fingerprint, comment }) => `${bits} ${fingerprint} ${comment}`)).toEqual(
      told
        .trimEnd()
        .split("\n")
        .map((line) => line.replace(/ \([^)]*\)$/, "")),
    );
    expect(keys.map(({ user, file, options }) => [user, file, ...options])).toEqual([
      ["u", "/home/u/.ssh/authorized_keys"],
      ["u", "/home/u/.ssh/authorized_keys", "no-pty", 'command="echo \\"a b\\""', 'environment="TOKEN=(left out)"'],
      ["v", "/etc/ssh/keys/v"],
    ]);
    expect(JSON.stringify(keys)).not.toContain("AAAA");
  });
});

const D = "/etc/ssh/sshd_config.d";

describe("sshd", () => {
  it.each<[string, Files]>([
    ["nothing but defaults", { "/etc/ssh/sshd_config": "" }],
    [
      "times, ports, addresses, lists",
      {
        "/etc/ssh/sshd_config":
          "Port 22\nPort 2200\nListenAddress 10.0.0.1\nListenAddress ::1\nListenAddress 10.0.0.2:99\nLoginGraceTime 2m\n" +
          "ClientAliveInterval 1h30m\nMaxStartups 7\nLogLevel verbose\nAcceptEnv LANG LC_*\nAllowUsers a b\nAllowUsers c\n" +
          "PermitRootLogin prohibit-password\nCompression delayed\nSubsystem sftp internal-sftp -l INFO\nUsePAM yes\n",
      },
    ],
    [
      "drop-ins, Match, older names",
      {
        "/etc/ssh/sshd_config": `Include ${D}/*.conf\nPermitRootLogin yes\nMatch User git\n  PasswordAuthentication no\n`,
        [`${D}/10.conf`]: "ChallengeResponseAuthentication no\nPermitRootLogin no\nAddressFamily inet\nPort 24\n",
        [`${D}/20.conf`]:
          "Match Address 10.0.0.0/8\nX11Forwarding yes\nMatch all\nX11Forwarding yes\nBanner /etc/issue\n",
      },
    ],
  ])("is set as sshd -T tells: %s", async (_, files) => {
    expect(await isSetAsTold(files)).toBeGreaterThan(50);
  });

  it("is set as sshd -T tells of files made at random", async () => {
    await fc.assert(
      fc.asyncProperty(sshdLines, sshdLines, async (main, dropIn) => {
        await isSetAsTold({ "/etc/ssh/sshd_config": `Include ${D}/*.conf\n${main}`, [`${D}/1.conf`]: dropIn });
      }),
      { numRuns: 30 },
    );
  });
});

/** Whether it is what sshd -T tells of these files; the number of settings. */
async function isSetAsTold(files: Files): Promise<number> {
  await rm(join(root, D), { recursive: true, force: true });
  const { sshd } = await withFiles({ "/etc/passwd": "", ...files });
  await writeFile(join(root, "etc/passwd"), "root:x:0:0::/:/bin/sh\nsshd:x:102:65534::/run/sshd:/usr/sbin/nologin\n");
  const ours = sshd?.settings.map(({ keyword, value }) => `${keyword} ${value}`).sort();
  const known = new Set(sshd?.settings.map(({ keyword }) => keyword));
  const told = (await inside("/usr/sbin/sshd", "-T")).trimEnd().split("\n");
  expect(ours).toEqual(told.filter((line) => known.has(line.split(" ", 1)[0] ?? "")).sort());
  return known.size;
}

const sshdLine = fc.constantFrom(
  ...["Port 22", "port=2222", "ListenAddress 10.0.0.1", "ListenAddress [::1]:24"],
  ...[
    "PermitRootLogin no",
    "PermitRootLogin Prohibit-Password",
    "PasswordAuthentication no",
    "UsePAM Yes",
    "X11Forwarding yes",
  ],
  ...["LoginGraceTime 1m30s", "ClientAliveInterval 2h", "MaxAuthTries 3", "MaxSessions 2", "MaxStartups 10:20:30"],
  ...[
    "AllowUsers a b@10.0.0.1",
    'DenyGroups "x y"',
    "AllowUsers c # d",
    "AcceptEnv A B",
    "LogLevel debug1",
    "SyslogFacility local3",
  ],
  ...[
    "AllowTcpForwarding local",
    "GatewayPorts clientspecified",
    "PermitTunnel ethernet",
    "Banner none",
    "Banner /etc/issue.net",
  ],
  ...["AuthorizedKeysFile .ssh/a /etc/k/%u", "AuthorizedKeysFile none", "ChrootDirectory /srv/%u"],
  ...[
    "AuthenticationMethods publickey,keyboard-interactive publickey",
    "HostKey /etc/ssh/ssh_host_ed25519_key",
    "Protocol 2",
    "# x",
    "",
  ],
  ...[
    "ForceCommand /bin/echo  a b",
    "PermitOpen host:1 [::1]:2",

    "StrictModes no",
    "TCPKeepAlive no",
  ],
);
const block = fc.constantFrom("", "Match User u\nX11Forwarding no\n", "Match all\nPermitRootLogin yes\n");
const sshdLines = fc
  .tuple(fc.uniqueArray(sshdLine, { maxLength: 12 }), block)
  .map(([lines, last]) => `${lines.join("\n")}\n${last}`);

describe("guestkit inspect --facts access", () => {
  it("tells all of it of a real Debian, and no secret", async () => {
    const text = await guestkitText(["inspect", "--json", "--facts", "access", image]);
    const { access: found, warnings } = JSON.parse(text);
    expect(warnings).toHaveLength(1);
    expect(found.passwords.map(({ state }: { state: string }) => state)).not.toContain("set");
    expect(found.sudo.rules.map(({ users }: { users: readonly string[] }) => users)).toEqual([["root"], ["%sudo"]]);
    expect(found.host_keys).toHaveLength(3);
    expect(found.sshd.settings).toContainEqual({
      keyword: "x11forwarding",
      value: "yes",
      file: "/etc/ssh/sshd_config",
    });
    expect(text).not.toMatch(/\$(?:y|6|1)\$|AAAA|PRIVATE/);
  });
});
