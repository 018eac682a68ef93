import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSshdFiles, sshdLines } from "../../../core/guest/sshd-config.ts";
import { refusalOf } from "../../../core/guest/sshd-login.ts";
import { memoryTree } from "../../support/memory-filesystem.ts";
import { scratch } from "../../support/scratch.ts";
import { run } from "../../support/tool.ts";

const dir = await scratch("sshd-oracle");
await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, "host")]);
await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(dir, "me")]);

const MAIN = "/etc/ssh/sshd_config";
const D = "/etc/ssh/sshd_config.d";
type Files = Readonly<Record<string, string>>;

/** The same files for the real server, in a folder of the test. */
async function real(files: Files): Promise<string> {
  const root = join(dir, "etc");
  await rm(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    const place = join(root, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text.replaceAll("/etc/ssh/", `${root}/etc/ssh/`));
  }
  return join(root, MAIN);
}

const FIRST = ["permitrootlogin", "pubkeyauthentication", "usepam", "authenticationmethods", "strictmodes"];
const ALL = ["port", "allowusers", "denyusers", "allowgroups", "denygroups"];
const DEFAULTS: Readonly<Record<string, string>> = {
  permitrootlogin: "without-password",
  pubkeyauthentication: "yes",
  usepam: "no",
  authenticationmethods: "any",
  strictmodes: "yes",
  port: "22",
};
const same = (text: string) => text.toLowerCase().replace("prohibit-password", "without-password");

/** `keyword value`, sorted, as sshd -T prints them. */
async function told(files: Files): Promise<readonly string[]> {
  const text = await run("sshd", ["-T", "-f", await real(files), "-h", join(dir, "host")]);
  const wanted = text.split("\n").filter((line) => [...FIRST, ...ALL].includes(line.split(" ", 1)[0] ?? ""));
  return wanted.map(same).sort();
}

async function ours(files: Files): Promise<readonly string[]> {
  const lines = sshdLines((await readSshdFiles(await memoryTree(files))) ?? {});
  const of = (keyword: string) => lines.filter((line) => line.keyword === keyword);
  const first = FIRST.map((keyword) => [keyword, ...(of(keyword)[0]?.values ?? [DEFAULTS[keyword]])].join(" "));
  const all = ALL.flatMap((keyword) => {
    const values = of(keyword).flatMap((line) => line.values);
    return (values.length > 0 ? values : [DEFAULTS[keyword]].filter(Boolean)).map((value) => `${keyword} ${value}`);
  });
  return [...first, ...all].map(same).sort();
}

describe("sshd_config", () => {
  it.each<[string, Files]>([
    ["nothing", { [MAIN]: "" }],
    ["first values and lists", { [MAIN]: "UsePAM yes\nUsePAM no\nAllowUsers a b\nAllowUsers c\nPort 23\nPort 24\n" }],
    ["spelling", { [MAIN]: "usepam=yes\r\n\tPORT = 2200 # x\r\nAllowUsers \"d e\" 'f' g#h # i\nPermitRootLogin=No\n" }],
    [
      "drop-ins in lexical order, hidden ones passed over",
      {
        [MAIN]: `Include ${D}/*.conf\nPermitRootLogin yes\nPort 9\n`,
        [`${D}/b.conf`]: "PermitRootLogin no\nPort 2\n",
        [`${D}/10.conf`]: "PermitRootLogin prohibit-password\nAllowUsers x\n",
        [`${D}/.a.conf`]: "PubkeyAuthentication no\n",
        [`${D}/c.txt`]: "PubkeyAuthentication no\n",
      },
    ],
    [
      "sets and several patterns, includes of includes",
      {
        [MAIN]: `Include ${D}/[0-4]?.conf ${D}/none ${D}/[!0-9]*\n`,
        [`${D}/20.conf`]: "PermitRootLogin no\n",
        [`${D}/50.conf`]: "PubkeyAuthentication no\n",
        [`${D}/x`]: `Include /etc/ssh/more\nDenyUsers x\n`,
        "/etc/ssh/more": "DenyUsers more\nUsePAM yes\n",
      },
    ],
    [
      "Match, which ends with its file, and Match all",
      {
        [MAIN]: `Include ${D}/*.conf\nMatch User q\n  PermitRootLogin no\n  Include /etc/ssh/more\nMatch all\nPubkeyAuthentication no\n`,
        [`${D}/1.conf`]: "Match Group g\nAllowUsers g\n",
        [`${D}/2.conf`]: "AllowUsers h\n",
        "/etc/ssh/more": "PermitRootLogin no\n",
      },
    ],
    ["methods", { [MAIN]: "AuthenticationMethods publickey,password publickey\nPasswordAuthentication yes\n" }],
  ])("counts as sshd -T tells: %s", async (_, files) => {
    expect(await ours(files)).toEqual(await told(files));
  });
});

/** Whether a real server lets this process's user in by a key, asked over its standard input. */
async function letsIn(config: string): Promise<boolean> {
  const keys = join(dir, "me.pub");
  const path = join(dir, "login_config");
  await writeFile(path, `${config}\nHostKey ${dir}/host\nAuthorizedKeysFile ${keys}\nStrictModes no\nPidFile none\n`);
  const options = [
    "-oBatchMode=yes",
    "-oStrictHostKeyChecking=no",
    "-oUserKnownHostsFile=/dev/null",
    "-oIdentitiesOnly=yes",
  ];
  const proxy = `-oProxyCommand=/usr/sbin/sshd -i -f ${path}`;
  const me = (await run("id", ["-un"])).trim();
  const ssh = spawn("ssh", ["-F", "none", "-i", join(dir, "me"), ...options, proxy, `${me}@somewhere`, "true"], {
    stdio: "ignore",
  });
  const [code] = await once(ssh, "exit");
  return code === 0;
}

describe("a login", () => {
  it.each([
    "UsePAM no",
    "AllowUsers nobody ME",
    "AllowUsers M?* nobody",
    "AllowUsers nobody",
    "DenyUsers *",
    "DenyUsers nobody",
    "AllowUsers ME@10.1.2.3",
    "AllowUsers ME@UNKNOWN",
    "AllowUsers ME@!UNKNOWN,*",
    "AllowGroups nogroup",
    "AllowGroups nogroup G*",
    "DenyGroups GROUP",
    "PubkeyAuthentication no",
    "AuthenticationMethods publickey,keyboard-interactive",
    "AuthenticationMethods publickey",
    "PermitRootLogin no",
  ])("is refused or not as a real server does: %s", async (pattern) => {
    const me = (await run("id", ["-un"])).trim();
    const groups = (await run("id", ["-Gn"])).trim().split(/\s+/);
    const first = groups[0] as string;
    const put = { GROUP: first, "G*": `${first.slice(0, 2)}*`, "M?*": `${me.slice(0, 1)}?*`, ME: me };
    const line = Object.entries(put).reduce((text, [name, value]) => text.replaceAll(name, value), pattern);
    const lines = sshdLines({ [MAIN]: line });
    // A server that is asked over a pipe calls its peer UNKNOWN.
    const refusal = refusalOf(lines, { user: me, groups, locked: false, from: "UNKNOWN" });
    expect(await letsIn(line), line).toBe(refusal === null);
  });
});
