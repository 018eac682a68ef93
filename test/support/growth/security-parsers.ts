import type { Tree } from "../../../core/filesystem/tree.ts";
import { readApparmor } from "../../../core/guest/facts/security/apparmor.ts";
import { parseProfiles } from "../../../core/guest/facts/security/apparmor-profiles.ts";
import { parseCertificate } from "../../../core/guest/facts/security/certificate.ts";
import { readKeyMaterial } from "../../../core/guest/facts/security/certificates.ts";
import { readCredentials } from "../../../core/guest/facts/security/credentials.ts";
import { readFirewall } from "../../../core/guest/facts/security/firewall.ts";
import { pemBlocks } from "../../../core/guest/facts/security/pem.ts";
import { privateKeys } from "../../../core/guest/facts/security/private-key.ts";
import { parseIptables, parseNftables } from "../../../core/guest/facts/security/rules.ts";
import { readSelinux } from "../../../core/guest/facts/security/selinux.ts";
import { nodeHost } from "../../../core/source/node.ts";
import { fill, ofFile, ofNames, ofTexts, type Parser, tolerant } from "./shape.ts";

const quiet = { units: null, warn: () => undefined };
const firewallOf = (tree: Tree) => readFirewall({ tree, ...quiet });
const materialOf = (tree: Tree) => readKeyMaterial({ tree, users: [], codec: nodeHost, ...quiet });
const credentialsOf = (tree: Tree) => readCredentials({ tree, users: [] });
const CREDENTIALS = ".netrc .npmrc .boto .kube/config .docker/config.json .m2/settings.xml .composer/auth.json";

/** A value of DER. */
function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const head = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
}

/** A certificate whose subject has so many parts, and which is good for as many hosts. */
function certificate(parts: number): Uint8Array {
  const [oid, text] = [Buffer.of(6, 3, 85, 4, 3), Buffer.of(12, 1, 44)];
  const name = der(0x30, ...Array.from({ length: parts }, () => der(0x31, der(0x30, oid, text))));
  const time = der(0x17, Buffer.from("260101000000Z"));
  const key = der(0x30, der(0x30, Buffer.of(6, 3, 43, 101, 112)), Buffer.of(3, 1, 0));
  const hosts = der(0x30, ...Array.from({ length: parts }, () => Buffer.of(0x87, 4, 1, 2, 3, 4)));
  const extensions = der(0xa3, der(0x30, der(0x30, Buffer.of(6, 3, 85, 29, 17), der(4, hosts))));
  return der(0x30, der(0x30, Buffer.of(2, 1, 1), der(0x30), name, der(0x30, time, time), name, key, extensions));
}

export const SECURITY: readonly Parser[] = [
  ofTexts("AppArmor's profiles", "profile a flags=(complain) {\n}\n", parseProfiles),
  ofTexts("AppArmor's profiles in one another", "^a {\n", parseProfiles),
  {
    name: "blocks behind a long head of AppArmor's",
    make: (size) => {
      const text = `profile ${fill(size, "a ")}\n${fill(size, "{\n")}`;
      return () => parseProfiles(text);
    },
  },
  ofTexts("rules of iptables", "-A INPUT -j ACCEPT\n", parseIptables, "*filter\n"),
  ofTexts("rules of nftables", "tcp dport { 22 } accept\n", parseNftables, "table t {\nchain c {\n"),
  ofTexts("blocks in dashes", "-----BEGIN CERTIFICATE-----\nAAAA\n", pemBlocks),
  ofTexts("private keys", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", (text) =>
    privateKeys("/etc/wireguard/a", text),
  ),
  ofFile("SELinux", "/etc/selinux/config", "SELINUX=enforcing\n", readSelinux),
  ofFile("ufw", "/etc/ufw/ufw.conf", "ENABLED=yes\n", firewallOf),
  ofFile("a zone", "/etc/firewalld/zones/a.xml", '<port port="1"/>\n', firewallOf, {}, "<zone>"),
  ofNames(
    "zones",
    (at) => `/etc/firewalld/zones/a${at}.xml`,
    firewallOf,
    () => "<zone/>",
  ),
  ofNames(
    "AppArmor's files",
    (at) => `/etc/apparmor.d/a${at}`,
    readApparmor,
    () => "/a {\n}\n",
  ),
  ofNames(
    "policies",
    (at) => `/etc/selinux/a/policy/policy.${at}`,
    readSelinux,
    () => "",
    { "/etc/selinux/config": "SELINUXTYPE=a\n" },
  ),
  ofFile("certificates", "/etc/ssl/a.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n", materialOf),
  ofNames(
    "files that may be certificates",
    (at) => `/etc/ssl/a${at}.pem`,
    materialOf,
    () => "x",
  ),
  {
    name: "a certificate's names",
    make: (size) => {
      const bytes = certificate(size);
      return () => tolerant(() => parseCertificate(bytes, nodeHost));
    },
  },
  ...CREDENTIALS.split(" ").map((name) =>
    ofFile(`credentials in ${name}`, `/root/${name}`, "password x\n", credentialsOf),
  ),
];
