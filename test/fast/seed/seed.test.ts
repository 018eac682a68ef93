import { chmod, lstat, mkdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { normalise } from "../../../core/engine/normalise.ts";
import { resolveSettings } from "../../../core/host/settings.ts";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { contractOf } from "../../../core/model/index.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { loginUserOf } from "../../../core/seed/declaration.ts";
import { hostNameOf, namesOf } from "../../../core/seed/hosts.ts";
import { readSeed, renderNetworkConfig, renderSeed, type SeedOptions, writeSeed } from "../../../core/seed/index.ts";
import { makeSeed } from "../../../core/seed/make.ts";
import { instanceIdOf } from "../../../core/seed/render.ts";
import { writeYaml } from "../../../core/seed/yaml.ts";
import { machineOf } from "../../support/machine.ts";
import { fc } from "../../support/property.ts";
import { scratch } from "../../support/scratch.ts";

/** A declaration as implementations get it. */
const declared = (input: ValueObject): ValueObject =>
  normalise(contractOf("cloud_init_seed").input, { path: "/seed.iso", ...input });
const render = (input: ValueObject, options?: SeedOptions) => renderSeed(declared(input), options);
const idOf = (input: ValueObject, options?: SeedOptions) => instanceIdOf(declared(input), options);

const KEY = "ssh-ed25519 AAAA me";
const OWN = "ssh-ed25519 BBBB machine";
const HOST_KEY = { type: "ed25519", privateKey: "-----BEGIN\nx\n-----END", publicKey: "ssh-ed25519 CCCC host\n" };
const HOSTS = [{ name: "db", address: "10.0.0.2" }];

describe("the short form", () => {
  const everything = {
    hostname: "web",
    users: {
      web: { ssh_authorized_keys: [KEY], groups: ["adm", "www"], shell: "/bin/sh", sudo: true },
      api: { password_hash: "$6$salt$hash" },
    },
    ssh_authorized_keys: [KEY],
    packages: ["nginx", "curl"],
    package_update: true,
    write_files: [
      { path: "/etc/motd", content: "Hello\n" },
      { path: "/home/web/key", secret_content: 'a "secret"', owner: "web:web", permissions: "0600", append: true },
    ],
    runcmd: ["systemctl start nginx", "echo 'it''s up'\necho more"],
    timezone: "Europe/Berlin",
    locale: "C.UTF-8",
  };

  it("is written like this", () => {
    const files = render(everything, { extraSshKeys: [OWN], loginUser: "web", sshHostKeys: [HOST_KEY], hosts: HOSTS });
    expect(files["user-data"]).toBe(`#cloud-config
bootcmd:
  - "for file in /etc/hosts /etc/cloud/templates/hosts.*.tmpl; do\\n  [ -f \\"$file\\" ] || continue\\n  sed -i '/ # guestkit$/d' \\"$file\\"\\n  printf '%s\\\\n' '10.0.0.2 db # guestkit' >> \\"$file\\"\\ndone"
ssh_keys:
  ed25519_private: "-----BEGIN\\nx\\n-----END\\n"
  ed25519_public: "ssh-ed25519 CCCC host\\n"
timezone: "Europe/Berlin"
locale: "C.UTF-8"
users:
  - "default"
  - name: "api"
    lock_passwd: false
    passwd: "$6$salt$hash"
  - name: "web"
    groups: "adm,www"
    shell: "/bin/sh"
    sudo: "ALL=(ALL) NOPASSWD:ALL"
    lock_passwd: true
    ssh_authorized_keys:
      - "ssh-ed25519 AAAA me"
      - "ssh-ed25519 BBBB machine"
ssh_authorized_keys:
  - "ssh-ed25519 AAAA me"
write_files:
  - path: "/etc/motd"
    owner: "root:root"
    permissions: "0644"
    content: "Hello\\n"
  - path: "/home/web/key"
    owner: "web:web"
    permissions: "0600"
    append: true
    defer: true
    content: "a \\"secret\\""
package_update: true
packages:
  - "nginx"
  - "curl"
runcmd:
  - "set -e\\nguestkit_step=\\ntrap 'guestkit_code=$?; [ $guestkit_code = 0 ] || echo \\"$guestkit_step failed with exit code $guestkit_code\\" >&2; exit $guestkit_code' EXIT"
  - "guestkit_step='guestkit: runcmd[0] (systemctl start nginx)'\\nsystemctl start nginx"
  - "guestkit_step='guestkit: runcmd[1] (echo '\\\\''it'\\\\'''\\\\''s up'\\\\'' ...)'\\necho 'it''s up'\\necho more"
`);
    expect(files["meta-data"]).toMatch(/^instance-id: "iid-[0-9a-f]{16}"\nlocal-hostname: "web"\n$/);
    expect(Object.keys(files)).toEqual(["user-data", "meta-data"]);
  });

  it("may be empty", () => {
    expect(render({})["user-data"]).toBe("#cloud-config\n{}\n");
  });

  it("does not depend on the order in which users are declared", () => {
    const { web, api } = everything.users;
    expect(render({ users: { web, api } })).toEqual(render({ users: { api, web } }));
  });

  it("lets the machine's own key in as the user who logs in", () => {
    const users = (input: ValueObject, options: SeedOptions = {}) =>
      parse(render(input, { extraSshKeys: [OWN], ...options })["user-data"]);
    expect(users({})).toEqual({ ssh_authorized_keys: [OWN] });
    expect(users({ ssh_authorized_keys: [OWN, KEY] })).toEqual({ ssh_authorized_keys: [OWN, KEY] });
    expect(users({ users: { a: {} } }).users).toEqual([{ name: "a", lock_passwd: true, ssh_authorized_keys: [OWN] }]);
    expect(users({ users: { a: {} } }, { loginUser: "debian" })).toMatchObject({
      users: ["default", { name: "a" }],
      ssh_authorized_keys: [OWN],
    });
    expect(users({ users: { root: {} } })).toMatchObject({ disable_root: false });
  });

  it.each<[ValueObject, string | null]>([
    [{}, null],
    [{ users: { b: {}, a: {} } }, "a"],
    [{ users: { b: { sudo: true }, a: {} } }, "b"],
    [{ users: { b: {} }, ssh_authorized_keys: [KEY] }, null],
  ])("of %j is logged in to as %s", (input, user) => {
    expect(loginUserOf(declared(input) as unknown as Parameters<typeof loginUserOf>[0])).toBe(user);
  });
});

describe("a machine's host name", () => {
  const patternOf = (contract: string, ...path: string[]) => {
    let fields = contractOf(contract, "resource").input;
    for (const name of path.slice(0, -1)) {
      const type = fields.find((each) => each.name === name)?.type;
      fields = type?.kind === "object" ? type.fields : [];
    }
    const type = fields.find((each) => each.name === path.at(-1))?.type;
    return new RegExp((type?.kind === "string" && type.pattern) || "^$");
  };

  it("is one, whatever the machine's name may be", () => {
    expect(hostNameOf("my_vm")).toBe("my-vm");
    const wanted = patternOf("virtual_machine", "cloud_init", "hostname");
    expect(patternOf("disk_image", "bootstrap", "hostname")).toEqual(wanted);
    fc.assert(
      fc.property(fc.stringMatching(patternOf("virtual_machine", "name")), (name) => wanted.test(hostNameOf(name))),
    );
  });

  it("is what its peers call it, beside its own", () => {
    expect(namesOf("db", "10.0.0.2")).toEqual([{ name: "db", address: "10.0.0.2" }]);
    expect(namesOf("my_db", "10.0.0.2").map(({ name }) => name)).toEqual(["my-db", "my_db"]);
  });

  it("is told to the guest", async () => {
    const data = await scratch("host-name");
    const folder = machineFolder("my_vm", resolveSettings({ dataDir: data, runtimeDir: join(data, "run") }));
    await prepareFolder(folder);
    const cloud_init = normalise(contractOf("cloud_init_seed").input, {});
    await makeSeed(machineOf({ name: "my_vm", networks: null, cloud_init }), folder);
    expect((await readSeed(folder.seed))?.["meta-data"]).toContain('local-hostname: "my-vm"');
  });
});

describe("a raw document", () => {
  it("passes through as it is, and what a machine adds goes beside it", () => {
    const user_data = "#!/bin/sh\necho hi\n";
    expect(render({ user_data })["user-data"]).toBe(user_data);
    expect(render({ secret_user_data: user_data })["user-data"]).toBe(user_data);
    const files = render({ user_data }, { extraSshKeys: [OWN], hosts: HOSTS, sshHostKeys: [HOST_KEY] });
    expect(files["user-data"]).toBe(user_data);
    expect(parse(files["meta-data"])).toMatchObject({ "public-keys": [OWN] });
    expect(files["vendor-data"]).toContain("text/cloud-boothook");
    expect(files["vendor-data"]).toContain("ed25519_private");
  });

  it.each([
    ["instance-id: i-1\n", "instance-id: i-1\n"],
    ["local-hostname: x", 'local-hostname: x\ninstance-id: "ID"\n'],
    ["", 'instance-id: "ID"\n'],
    ['{"a": 1}', '{"a":1,"instance-id":"ID"}\n'],
    ["{a: 1}", "{a: 1}"],
  ])("of meta-data %j gets an instance-id where it has none", (meta_data, expected) => {
    expect(render({ meta_data }, { instanceId: "ID" })["meta-data"]).toBe(expected);
  });

  it("of network-config goes before the networks of the machine", () => {
    const networks = [{ mac: "52:54:00:00:00:01", dhcp4: true, addresses: [] }];
    expect(render({ network_config: "version: 1\n" }, { networks })["network-config"]).toBe("version: 1\n");
    expect(render({}, { networks })["network-config"]).toBe(renderNetworkConfig(networks));
    expect(render({})["network-config"]).toBeUndefined();
  });
});

it("addresses interfaces by MAC, each family with its own default route", () => {
  const networks = [
    { mac: "52:54:00:AA:00:01", dhcp4: true, addresses: [] },
    {
      mac: "52:54:00:aa:00:02",
      dhcp4: false,
      addresses: ["10.0.0.1/24"],
      gateway: "10.0.0.254",
      nameservers: ["1.1.1.1"],
    },
    { mac: "52:54:00:aa:00:03", dhcp4: false, addresses: ["fd00::1/64"], gateway: "fd00::ff" },
  ];
  expect(parse(renderNetworkConfig(networks))).toEqual({
    version: 2,
    ethernets: {
      net0: { match: { macaddress: "52:54:00:aa:00:01" }, dhcp4: true },
      net1: {
        match: { macaddress: "52:54:00:aa:00:02" },
        dhcp4: false,
        addresses: ["10.0.0.1/24"],
        routes: [{ to: "0.0.0.0/0", via: "10.0.0.254" }],
        nameservers: { addresses: ["1.1.1.1"] },
      },
      net2: {
        match: { macaddress: "52:54:00:aa:00:03" },
        dhcp4: false,
        addresses: ["fd00::1/64"],
        routes: [{ to: "::/0", via: "fd00::ff" }],
      },
    },
  });
});

describe("the instance-id", () => {
  const secret = (value: string, version: number) => ({
    users: { a: { password_hash: value, password_hash_version: version } },
    write_files: [{ path: "/k", secret_content: value, secret_content_version: version }],
  });

  it("stays while nothing changes that cloud-init does once", () => {
    const id = idOf({ runcmd: ["true"] });
    expect(idOf({ runcmd: ["true"] })).toBe(id);
    expect(idOf({ runcmd: ["true"] }, { hosts: HOSTS })).toBe(id);
    expect(idOf({ runcmd: ["false"] })).not.toBe(id);
    expect(idOf({ runcmd: ["true"], hostname: "x" })).not.toBe(id);
    expect(idOf({ runcmd: ["true"] }, { extraSshKeys: [KEY] })).not.toBe(id);
  });

  it("tells nothing of a secret: its version alone counts", () => {
    expect(idOf(secret("one", 1))).toBe(idOf(secret("two", 1)));
    expect(idOf(secret("one", 1))).not.toBe(idOf(secret("one", 2)));
    expect(idOf({ secret_user_data: "one" })).toBe(idOf({ secret_user_data: "two" }));
  });

  it("is the declared one, else the machine's", () => {
    expect(idOf({ instance_id: "mine" }, { instanceId: "theirs" })).toBe("mine");
    expect(idOf({}, { instanceId: "theirs" })).toBe("theirs");
  });
});

describe("YAML", () => {
  const scalar = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.integer(), fc.boolean());
  const key = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie("node"), { maxLength: 4 }),
      fc.dictionary(key, tie("node"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));

  it.each(["1.1", "1.2"] as const)("of version %s reads back as what was written", (version) => {
    fc.assert(
      fc.property(fc.dictionary(key, node, { maxKeys: 4, noNullPrototype: true }), (value) => {
        expect(parse(writeYaml(value as Parameters<typeof writeYaml>[0]), { version })).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps words that mean something else in version 1.1", () => {
    const words = ["yes", "no", "on", "null", "~", "1:30", "0777", "1e3", ".5", "2020-01-01", "- x", "# y", ": "];
    expect(parse(writeYaml({ words }), { version: "1.1" })).toEqual({ words });
  });
});

describe("the medium", () => {
  it("is written once, for its owner alone, and left alone while it is the same", async () => {
    const path = join(await scratch("seed"), "below", "seed.iso");
    const files = render({ runcmd: ["true"] }, { hosts: HOSTS, networks: [] });
    expect(await writeSeed(path, files)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await utimes(path, 1, 1);
    expect(await writeSeed(path, render({ runcmd: ["true"] }, { hosts: HOSTS }))).toBe(false);
    expect((await stat(path)).mtimeMs).toBe(1000);
    expect(await readSeed(path)).toEqual(files);
    expect(await writeSeed(path, render({ runcmd: ["false"] }))).toBe(true);
    expect((await stat(path)).mtimeMs).not.toBe(1000);
  });

  it("takes no link to the same bytes for itself, and leaves alone what that leads to", async () => {
    const dir = await scratch("seed");
    const [path, other] = [join(dir, "seed.iso"), join(dir, "other")];
    const files = render({ runcmd: ["true"] });
    await writeSeed(other, files);
    await chmod(other, 0o644);
    await symlink(other, path);
    expect(await writeSeed(path, files)).toBe(true);
    expect([(await lstat(path)).isFile(), (await stat(other)).mode & 0o777]).toEqual([true, 0o644]);
  });

  it("is told from any other file", async () => {
    const dir = await scratch("seed");
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, "x"), "no image");
    await expect(readSeed(join(dir, "x"))).rejects.toMatchObject({ code: "E_SEED_UNREADABLE" });
    expect((await readFile(join(dir, "x"))).toString()).toBe("no image");
  });
});
