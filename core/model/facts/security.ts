import { z } from "zod";

const text = (what: string) => z.string().describe(what);
const optional = (what: string) => z.string().nullable().describe(what);
const list = (what: string) => z.array(z.string()).describe(what);
const yes = (what: string) => z.boolean().describe(what);
const perhaps = (what: string) => z.boolean().nullable().describe(what);

const lying = {
  mode: text("Its permissions in octal digits: 0600."),
  uid: z.int().describe("Number of its owner."),
};

const selinux = z.object({
  mode: text("enforcing, permissive or disabled, by /etc/selinux/config."),
  type: optional("Kind of policy: targeted, default, mls."),
  policy: optional("The compiled policy of that kind, the newest; null where none is installed."),
  relabel: yes("The next boot labels every file anew (/.autorelabel)."),
});

const profile = z.object({
  name: text("Its name: /usr/sbin/cupsd; one within another stands behind that and //."),
  file: text("The file of /etc/apparmor.d that says it."),
  mode: z
    .enum(["enforce", "complain", "kill", "unconfined", "prompt", "default_allow", "disabled"])
    .describe("What becomes of what it does not allow; disabled where a link says so."),
});

const ruleFile = z.object({
  path: text("The file."),
  kind: z.enum(["nftables", "iptables", "ip6tables"]).describe("Whose rules."),
  enabled: perhaps("A unit that loads it starts with the system; null where that is not known."),
  rules: z.int().min(0).describe("Rules in all chains."),
  input: optional("What becomes of what no rule of input names: accept, drop; null where none looks at what comes in."),
});

const zone = z.object({
  name: text("Its name."),
  file: text("The file that says it."),
  target: text("What becomes of what it does not name: default, ACCEPT, DROP, %%REJECT%%."),
  interfaces: list("Interfaces in it."),
  sources: list("Addresses in it."),
  services: list("Services that it lets in."),
  ports: list("Ports that it lets in: 8080/tcp."),
});

const firewall = z.object({
  files: z.array(ruleFile).describe("Files of rules of nftables and iptables."),
  firewalld: z
    .object({
      enabled: perhaps("Its unit starts with the system; null where that is not known."),
      default_zone: text("The zone of interfaces that no other names."),
      zones: z.array(zone).describe("Zones that the administrator has written, and the default one."),
    })
    .nullable()
    .describe("Settings of firewalld; null where there are none."),
  ufw: z
    .object({
      enabled: yes("By its own setting, without which its unit does nothing."),
      input: optional("What becomes of what no rule names: drop, reject, accept."),
    })
    .nullable()
    .describe("Settings of ufw; null where there are none."),
});

const certificate = z.object({
  path: text("The file; a chain's certificates have the same one."),
  subject: text("Whose it is, as RFC 4514 writes a name: CN=web,O=Example,C=DE."),
  issuer: text("Who signed it."),
  serial: text("Its number in hexadecimal digits."),
  not_before: text("From when on it is good (RFC 3339, UTC)."),
  not_after: text("Until when it is good (RFC 3339, UTC)."),
  hosts: list("DNS names and addresses that it is good for."),
  is_ca: yes("It may sign others."),
  self_signed: yes("It names itself as its issuer, and no other key."),
  key_type: text("rsa, ec, ed25519, dsa; an object identifier of what is none of those."),
  key_bits: z.int().nullable().describe("Bits of the modulus or the curve; null where that is not known."),
  sha256: text("SHA-256 of the whole, in hexadecimal digits."),
});

export const securityReport = z.object({
  selinux: selinux.nullable().describe("SELinux; null where nothing is set."),
  apparmor: z.array(profile).nullable().describe("Profiles of AppArmor; null without /etc/apparmor.d."),
  firewall: firewall.describe("What keeps packets out."),
  certificates: z.array(certificate).describe("Certificates in the usual places, without a distribution's own roots."),
  bundles: z
    .array(
      z.object({
        path: text("The file."),
        certificates: z.int().min(0).describe("How many are in it."),
      }),
    )
    .describe("Files of more than 16 certificates, which are not told one by one: trust stores."),
  private_keys: z
    .array(
      z.object({
        path: text("The file."),
        kind: z
          .enum(["rsa", "dsa", "ec", "pkcs8", "openssh", "pgp", "gnupg", "putty", "pkcs12", "wireguard"])
          .describe("How it is written."),
        encrypted: perhaps("A passphrase keeps it; null where that does not show."),
        ...lying,
      }),
    )
    .describe("Private keys in the usual places; nothing of what is in them."),
  credentials: z
    .array(
      z.object({
        path: text("The file."),
        kind: text("Whose it is: aws, docker, kubeconfig, netrc."),
        filled: yes("There are credentials in it."),
        ...lying,
      }),
    )
    .describe("Files in which programs keep credentials; never what they are."),
});
