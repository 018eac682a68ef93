import { describe, expect, it } from "vitest";
import { parseDoas } from "../../../../core/guest/facts/access/doas.ts";
import { access } from "../../../../core/guest/facts/access/index.ts";
import { parseAuthorizedKey } from "../../../../core/guest/facts/access/ssh-keys.ts";
import { parseSudoers } from "../../../../core/guest/facts/access/sudoers.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

const read = async (files: Readonly<Record<string, Content>>) =>
  access.read(await knownSystem(await memoryTree(files)));

describe("passwords", () => {
  it("may stand in passwd itself, and an account without one is told", async () => {
    const { passwords } = await read({
      "/etc/passwd": "root::0:0::/root:/bin/sh\nold:abJnggxhB/yWI:1:1::/:/bin/sh\nx:x:2:2::/:/bin/sh\n+::::::\n",
    });
    expect(passwords?.map(({ name, state, algorithm }) => [name, state, algorithm])).toEqual([
      ["root", "none", null],
      ["old", "set", "descrypt"],
      ["x", "never", null],
    ]);
  });

  it("have days within bounds", async () => {
    const { passwords } = await read({
      "/etc/passwd": "a:x:0:0::/:/bin/sh\nb:x:0:0::/:/bin/sh\n",
      "/etc/shadow": "a:*:0::::::\nb:*:999999999:-1:x::::\n",
    });
    expect(passwords?.map(({ changed, must_change, max_days }) => [changed, must_change, max_days])).toEqual([
      ["1970-01-01", true, null],
      [null, false, null],
    ]);
  });
});

describe("doas.conf", () => {
  it("tells who may do what, and no value of a variable", () => {
    const text =
      '# x\npermit persist setenv { TOKEN=secret -A } :wheel\ndeny "bob" as www cmd /bin/sh args -c "x"\npermit nopass keepenv root as root # y\nother\n';
    expect(parseDoas(text)).toEqual([
      { action: "permit", options: ["persist", "setenv"], identity: ":wheel", as_user: null, command: null },
      { action: "deny", options: [], identity: "bob", as_user: "www", command: "/bin/sh -c x" },
      { action: "permit", options: ["nopass", "keepenv"], identity: "root", as_user: "root", command: null },
    ]);
  });
});

describe("sudoers", () => {
  it("that take themselves in are refused, and read no further than they may", async () => {
    const tree = await memoryTree({ "/etc/sudoers": "@include /etc/sudoers\n@include /etc/sudoers\n" });
    await expect(tree.budget.part("access", async () => access.read(await knownSystem(tree)))).rejects.toMatchObject({
      code: "E_BUDGET_ENTRIES",
    });
  });

  it("are read whatever stands there", () => {
    const piece = fc.constantFrom(
      "a",
      "ALL",
      "=",
      ":",
      ",",
      "(",
      ")",
      "!",
      '"',
      "\\",
      "#",
      " ",
      "\n",
      "NOPASSWD:",
      "%",
      "@include ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { rules } = parseSudoers(pieces.join(""));
        for (const { users, hosts, commands } of rules)
          expect([users, hosts, commands].every((list) => list.every((each) => typeof each === "string"))).toBe(true);
      }),
    );
  });
});

describe("keys", () => {
  it.each([
    "",
    "# ssh-ed25519 AAAA",
    "ssh-ed25519",
    "ssh-ed25519 AAAA",
    "ssh-ed25519 A",
    "ssh-rsa AAAAA=",
    "ssh-rsa AAAAA== x",
    "ssh-rsa AAAAAA",
    'command="x ssh-ed25519 AAAA',
    "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh",
  ])("are none in %j", (line) => {
    expect(parseAuthorizedKey(line)).toBeNull();
  });

  it.each([
    ['environment="A=SECRET"', 'environment="A=(left out)"'],
    ['environment="A\\"=SECRET"', 'environment="A=(left out)"'],
    ["ENVIRONMENT=A=SECRET", 'environment="A=(left out)"'],
    ['command="run --token SECRET"', 'command="run --token (secret)"'],
  ])("are told without what %s says", (option, told) => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh";
    expect(parseAuthorizedKey(`${option} ${key}`)?.options).toEqual([told]);
  });

  it("of one file that all users have are read once", async () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh";
    const tree = await memoryTree({
      "/etc/passwd": "a:x:0:0::/:/bin/sh\nb:x:1:0::/:/bin/sh\n",
      "/etc/ssh/sshd_config": "AuthorizedKeysFile /etc/ssh/keys\n",
      "/etc/ssh/keys": `${key} me\n`,
    });
    const { authorized_keys: keys } = await access.read(await knownSystem(tree));
    expect(keys.map(({ user, comment, bits }) => [user, comment, bits])).toEqual([
      ["a", "me", 256],
      ["b", "me", 256],
    ]);
  });
});

describe("sshd", () => {
  it("tells no value of what it sets environment to, and no secret of a command", async () => {
    const { sshd } = await read({
      "/etc/ssh/sshd_config":
        'SetEnv A=SECRET "B=SECRET SECRET"\nMatch User u\nSetEnv C=SECRET\nForceCommand run --password SECRET\n',
    });
    expect(JSON.stringify(sshd)).not.toContain("SECRET");
    expect(sshd?.settings.filter(({ keyword }) => keyword === "setenv").map(({ value }) => value)).toEqual([
      "A=(left out)",
      "B=(left out)",
    ]);
    expect(sshd?.matches[0]?.settings.map(({ value }) => value)).toEqual(["C=(left out)", "run --password (secret)"]);
  });

  it("tells Match blocks apart from what counts for everybody", async () => {
    const { sshd } = await read({
      "/etc/ssh/sshd_config": "Match User git\n  PasswordAuthentication no\nMatch all\nPermitRootLogin no\n",
    });
    expect(sshd?.matches).toEqual([
      {
        file: "/etc/ssh/sshd_config",
        criteria: "User git",
        settings: [{ keyword: "passwordauthentication", value: "no" }],
      },
    ]);
    expect(sshd?.settings.find(({ keyword }) => keyword === "permitrootlogin")?.value).toBe("no");
    expect(sshd?.settings.find(({ keyword }) => keyword === "passwordauthentication")).toMatchObject({ file: null });
  });
});
