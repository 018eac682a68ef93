import { describe, expect, it } from "vitest";
import { parseProfiles } from "../../../../core/guest/facts/security/apparmor-profiles.ts";
import { parseCertificate } from "../../../../core/guest/facts/security/certificate.ts";
import { security } from "../../../../core/guest/facts/security/index.ts";
import { pemBlocks, pemBytes } from "../../../../core/guest/facts/security/pem.ts";
import { parseIptables, parseNftables } from "../../../../core/guest/facts/security/rules.ts";
import { nodeHost } from "../../../../core/source/node.ts";
import { knownSystem } from "../../../support/known-system.ts";
import { type Content, memoryTree } from "../../../support/memory-filesystem.ts";
import { fc } from "../../../support/property.ts";

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBrTCCAV+gAwIBAgIUUGS+u2o2K4RN8Og7375DcV2QZwQwBQYDK2VwMDMxCzAJ
BgNVBAYTAkRFMRYwFAYDVQQKDA1FeGFtcGxlLCBJbmMuMQwwCgYDVQQDDAN3ZWIw
HhcNMjYxMTMwMTIyMzE5WhcNMzYxMTI3MTIyMzE5WjAzMQswCQYDVQQGEwJERTEW
MBQGA1UECgwNRXhhbXBsZSwgSW5jLjEMMAoGA1UEAwwDd2ViMCowBQYDK2VwAyEA
Uza/N0YRl1piRDCYGIjDOQ65wDspEhiDsMuLeWUEHNSjgYQwgYEwHQYDVR0OBBYE
FLAdVW/bMdZK4ORLj2xJYB5JFkZeMB8GA1UdIwQYMBaAFLAdVW/bMdZK4ORLj2xJ
YB5JFkZeMA8GA1UdEwEB/wQFMAMBAf8wLgYDVR0RBCcwJYILd2ViLmV4YW1wbGWH
BMAAAgGHECABDbgAAAAAAAAAAAAAAAEwBQYDK2VwA0EAM53NFJyFCzUZP1SsjzCW
knFnAqi1D5urdw2ots5OLnHQwd2t41PWwqt+dTcCPm2hUKeRGAu97s0Bo/OhRxe4
CQ==
-----END CERTIFICATE-----
`;
const key = (label: string, more = "") => `-----BEGIN ${label}-----\n${more}AAAA\n-----END ${label}-----\n`;

async function read(files: Readonly<Record<string, Content>>) {
  const known = await knownSystem(await memoryTree({ "/etc/": "", ...files }));
  return { ...(await security.read(known)), warnings: known.warnings };
}

describe("certificates", () => {
  it("that are good for a time that no calendar has are named in a warning", async () => {
    const bytes = Buffer.from(CERTIFICATE.replace(/-----.*-----/g, ""), "base64");
    bytes.write("361327", bytes.indexOf("361127"), "latin1");
    const { certificates, warnings } = await read({ "/etc/ssl/a.crt": bytes });
    expect([certificates, warnings]).toEqual([[], [expect.stringMatching(/a\.crt.*a time is none/)]]);
  });

  it("are told with all that they say, chains one by one", async () => {
    const { certificates } = await read({ "/etc/ssl/private/web.pem": key("PRIVATE KEY") + CERTIFICATE + CERTIFICATE });
    expect(certificates).toEqual(
      Array.from({ length: 2 }, () => ({
        path: "/etc/ssl/private/web.pem",
        subject: "CN=web,O=Example\\, Inc.,C=DE",
        issuer: "CN=web,O=Example\\, Inc.,C=DE",
        serial: "5064bebb6a362b844df0e83bdfbe43715d906704",
        not_before: "2026-11-30T12:23:19Z",
        not_after: "2036-11-27T12:23:19Z",
        hosts: ["web.example", "192.0.2.1", "2001:db8::1"],
        is_ca: true,
        self_signed: true,
        key_type: "ed25519",
        key_bits: 256,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      })),
    );
  });

  it("of a distribution's own store are counted, and links to them are not followed", async () => {
    const { certificates, bundles } = await read({
      "/etc/ssl/certs/ca-certificates.crt": CERTIFICATE.repeat(17),
      "/usr/share/ca-certificates/one.crt": CERTIFICATE,
      "/etc/ssl/certs/one.pem": { link: "/usr/share/ca-certificates/one.crt" },
      "/etc/pki/ca-trust/extracted/pem/one.pem": CERTIFICATE,
      "/usr/local/share/ca-certificates/own/ours.crt": CERTIFICATE,
      "/etc/letsencrypt/archive/a/cert1.pem": CERTIFICATE,
      "/etc/letsencrypt/live/a/cert.pem": { link: "../../archive/a/cert1.pem" },
    });
    expect(bundles).toEqual([{ path: "/etc/ssl/certs/ca-certificates.crt", certificates: 17 }]);
    expect(certificates.map(({ path }) => path)).toEqual([
      "/usr/local/share/ca-certificates/own/ours.crt",
      "/etc/letsencrypt/live/a/cert.pem",
    ]);
  });

  it("that are damaged are warned of by the file's name, and the others told", async () => {
    const cut = CERTIFICATE.replace(/MIIBrT/, "MIIFrT");
    const found = await read({ "/etc/ssl/a.pem": cut, "/etc/ssl/b.pem": CERTIFICATE, "/etc/ssl/c.crt": "0\u0001" });
    expect(found.certificates.map(({ path }) => path)).toEqual(["/etc/ssl/b.pem"]);
    expect(found.warnings).toEqual([
      expect.stringContaining('"/etc/ssl/a.pem" has a certificate that cannot be read'),
      expect.stringContaining('"/etc/ssl/c.crt" has a certificate that cannot be read'),
    ]);
  });
});

it("reads a certificate that is damaged anywhere, or refuses it by a word of its own", () => {
  const [block] = pemBlocks(CERTIFICATE);
  const whole = (block && pemBytes(block)) as Uint8Array;
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
      const bytes = Uint8Array.from(whole.subarray(0, Math.max(length, at + 1)));
      bytes[at] = byte;
      try {
        parseCertificate(bytes, nodeHost);
      } catch (error) {
        refused++;
        expect(error).toMatchObject({ code: "E_DER_SYNTAX" });
      }
    }),
    { numRuns: 2000 },
  );
  expect(refused).toBeGreaterThan(100);
});

describe("private keys", () => {
  it("are told by place and kind, never by what they hold", async () => {
    const { private_keys, ...rest } = await read({
      "/etc/passwd": "root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/home/u:/bin/sh\nbin:x:2:2::/bin:/bin/sh\n",
      "/etc/ssl/private/old.key": key("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
      "/home/u/.ssh/deploy": key("OPENSSH PRIVATE KEY"),
      "/home/u/.ssh/elsewhere": { link: "/srv/kept" },
      "/srv/kept": key("OPENSSH PRIVATE KEY"),
      "/home/u/.ssh/authorized_keys": "ssh-ed25519 AAAA x\n",
      "/root/backup.pem": key("PRIVATE KEY"),
      "/root/notes.txt": key("PRIVATE KEY"),
      "/bin/id_rsa": key("PRIVATE KEY"),
      "/etc/wireguard/wg0.conf": "[Interface]\nPrivateKey = SECRET\n",
    });
    expect(private_keys.map(({ path, kind, encrypted }) => [path, kind, encrypted])).toEqual([
      ["/etc/ssl/private/old.key", "rsa", true],
      ["/etc/wireguard/wg0.conf", "wireguard", false],
      ["/home/u/.ssh/deploy", "openssh", null],
      ["/home/u/.ssh/elsewhere", "openssh", null],
      ["/root/backup.pem", "pkcs8", false],
    ]);
    expect(JSON.stringify([private_keys, rest])).not.toMatch(/SECRET|AAAA/);
  });
});

describe("credentials", () => {
  it("are told where a program keeps them, and whether there are any", async () => {
    const { credentials } = await read({
      "/root/.docker/config.json": '{"auths": {"r.example": {"auth": "SECRET="}}}',
      "/root/.netrc": "# nothing\n",
      "/root/.aws/credentials": "[default]\naws_secret_access_key = SECRET\n",
      "/root/.npmrc": "registry=x\n",
      "/etc/kubernetes/admin.conf": "users:\n- user:\n    client-key-data: SECRET\n",
    });
    expect(credentials.map(({ path, kind, filled }) => [path, kind, filled])).toEqual([
      ["/etc/kubernetes/admin.conf", "kubeconfig", true],
      ["/root/.aws/credentials", "aws", true],
      ["/root/.netrc", "netrc", false],
      ["/root/.docker/config.json", "docker", true],
      ["/root/.npmrc", "npm", false],
    ]);
    expect(JSON.stringify(credentials)).not.toContain("SECRET");
  });
});

describe("SELinux", () => {
  it("is told as the next boot will have it", async () => {
    const { selinux } = await read({
      "/etc/selinux/config": "# SELINUX=disabled\nSELINUX=enforcing\nSELINUXTYPE=targeted\n",
      "/etc/selinux/targeted/policy/policy.9": "",
      "/etc/selinux/targeted/policy/policy.33": "",
      "/.autorelabel": "",
    });
    const policy = "/etc/selinux/targeted/policy/policy.33";
    expect(selinux).toEqual({ mode: "enforcing", type: "targeted", policy, relabel: true });
    expect((await read({})).selinux).toBeNull();
  });
});

describe("AppArmor", () => {
  const PROFILES = `abi <abi/3.0>,
include <tunables/global>
# profile not {
@{exec} = /usr/{bin,sbin}/man
profile man @{exec} flags=(attach_disconnected, complain) xattrs=(user.a=b) {
  /usr/{,local/}share/** r, # { no block
  profile groff {
    if defined $X {
      /x r,
    }
  }
  ^hat flags=(unconfined){
  }
}
"/opt/a b" {
}
profile alone
{
}
`;

  it("has profiles within profiles, whose patterns have braces of their own", () => {
    expect(parseProfiles(PROFILES).map(({ name, mode }) => `${name} ${mode}`)).toEqual([
      ...["man complain", "man//groff enforce", "man//hat unconfined", "/opt/a b enforce", "alone enforce"],
    ]);
  });

  it("takes links that disable a file or make it complain, and passes over what is none", async () => {
    const { apparmor } = await read({
      "/etc/apparmor.d/a": "/bin/a {\n}\n",
      "/etc/apparmor.d/b": "/bin/b {\n}\n",
      "/etc/apparmor.d/c": "/bin/c flags=(complain) {\n}\n",
      "/etc/apparmor.d/c.dpkg-old": "/bin/d {\n}\n",
      "/etc/apparmor.d/disable/a": { link: "/etc/apparmor.d/a" },
      "/etc/apparmor.d/force-complain/other": { link: "../b" },
    });
    expect(apparmor?.map(({ name, mode }) => `${name} ${mode}`)).toEqual([
      "/bin/a disabled",
      "/bin/b complain",
      "/bin/c complain",
    ]);
  });
});

describe("a firewall", () => {
  it("of iptables is counted, and judged by the table that filters", () => {
    const text =
      "*nat\n:INPUT ACCEPT [0:0]\n-A PREROUTING -j X\nCOMMIT\n*filter\n:INPUT DROP [1:2]\n[0:0] -A INPUT -j ACCEPT\nCOMMIT\n";
    expect(parseIptables(text)).toEqual({ rules: 2, input: "drop" });
    expect(parseIptables("*nat\n:INPUT ACCEPT [0:0]\n")).toEqual({ rules: 0, input: null });
  });

  it("of nftables likewise, in blocks and in single commands", () => {
    const blocks = `flush ruleset
table inet filter {
  set own { type ipv4_addr; elements = { 10.0.0.1,
    10.0.0.2 } }
  chain input {
    type filter hook input priority filter; policy drop;
    tcp dport { 22, 80 } accept comment "a { b"
    iifname lo accept; ct state vmap { established : accept,
      invalid : drop }
  }
  chain forward { type filter hook forward priority filter; policy accept; }
}
`;
    expect(parseNftables(blocks)).toEqual({ rules: 3, input: "drop" });
    const commands =
      "add table inet f\nadd chain inet f i { type filter hook input priority 0; }\nadd rule inet f i drop\n";
    expect(parseNftables(commands)).toEqual({ rules: 1, input: "accept" });
    expect(parseNftables("#!/usr/sbin/nft -f\nflush ruleset\n")).toEqual({ rules: 0, input: null });
  });

  it("is gathered with the units that load it", async () => {
    const { firewall } = await read({
      "/etc/nftables.conf": "flush ruleset\n",
      "/etc/iptables/rules.v4": "*filter\n:INPUT ACCEPT [0:0]\n",
      "/etc/systemd/system/multi-user.target.wants/nftables.service": { link: "/lib/systemd/system/nftables.service" },
      "/etc/ufw/ufw.conf": "ENABLED=no\n",
      "/etc/default/ufw": 'DEFAULT_INPUT_POLICY="DROP"\n',
      "/etc/firewalld/firewalld.conf": "DefaultZone=work\n",
      "/usr/lib/firewalld/zones/work.xml": '<zone><service name="ssh"/><port protocol="tcp" port="80"/></zone>',
      "/etc/firewalld/zones/own.xml":
        '<zone target="DROP"><interface name="eth0"/><source address="10.0.0.0/8"/></zone>',
      "/etc/firewalld/zones/bad.xml": "<zone",
    });
    expect(firewall.files.map(({ path, enabled }) => [path, enabled])).toEqual([
      ["/etc/nftables.conf", true],
      ["/etc/iptables/rules.v4", false],
    ]);
    expect(firewall.ufw).toEqual({ enabled: false, input: "drop" });
    const { zones, ...rest } = firewall.firewalld ?? { zones: [] };
    expect(rest).toEqual({ enabled: false, default_zone: "work" });
    expect(
      zones.map(({ name, target, services, ports, interfaces }) => [name, target, services, ports, interfaces]),
    ).toEqual([
      ["own", "DROP", [], [], ["eth0"]],
      ["work", "default", ["ssh"], ["80/tcp"], []],
    ]);
  });
});
