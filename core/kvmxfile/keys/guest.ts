import type { Key, Work } from "../key.ts";
import { isOn } from "../origin.ts";
import { machine, notNeeded, type Outcome, partly, Template, translated, untranslated } from "../outcome.ts";
import { USER_NAME, userOf } from "../user.ts";
import { seeded } from "./seeded.ts";

function user(value: string, work: Work): Outcome {
  if (!USER_NAME.test(value)) return untranslated("it is no name of a user", "Set cloud_init.users.");
  if (seeded(work)) return translated(machine(["cloud_init", "users", value, "sudo"], true));
  return translated(machine(["ssh", "user"], value));
}

function sshSupport(value: string, work: Work): Outcome {
  if (!isOn(value)) return notNeeded("No port leads to it; guestkit vm exec goes by the guest's agent.");
  if (seeded(work)) return notNeeded("A forward to port 22 is there unless networks say otherwise.");
  const why = "which private key the box lets in is not in the file";
  return untranslated(
    why,
    "Set ssh.private_key to the one that kvmx uses; without it guestkit goes by the guest's agent.",
  );
}

const PUBLIC_KEY = /^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\n]*)?$/;

function publicKey(value: string, work: Work): Outcome {
  const name = userOf(work);
  if (!seeded(work) || name === null) return notNeeded("kvmx-create reads it, and no image is built here.");
  const list = (key: string | Template) => machine(["cloud_init", "users", name, "ssh_authorized_keys"], [key]);
  if (PUBLIC_KEY.test(value)) return translated(list(value), "Beside the machine's own key.");
  const path = work.hostPath(value);
  const place = path instanceof Template ? value : String(path);
  if (/[{}\n]|^\.\/(ssh|ecdsa)-/.test(place))
    return untranslated("it is neither a public key nor a file", "Set ssh_authorized_keys.");
  // What is in the file goes into the guest.
  if (!place.endsWith(".pub")) return untranslated("it is no file of a public key (.pub)", "Set ssh_authorized_keys.");
  return translated(list(new Template(`\${file.${place}}`)), "Beside the machine's own key.");
}

const AS_ROOT = "Runs as root here, since the file does not say as whom.";

function provision(value: string, work: Work): Outcome {
  const name = userOf(work);
  const environment = environmentOf(work.get("ssh_env") ?? "");
  const step = {
    name: "provision",
    inline: [value],
    ...(name !== null && { user: name }),
    ...(Object.keys(environment).length > 0 && { environment }),
  };
  const left = {
    why: "it runs scripts of kvmx's own, which are not in the guest",
    instead: "Copy them into a share, or write what they do into provision.",
  };
  const isOwn = value.includes("/usr/local/share/kvmx/");
  return partly([machine("provision", [step])], isOwn ? [left] : [], name === null ? AS_ROOT : null);
}

function environmentOf(text: string): Readonly<Record<string, string>> {
  const found = text.split(/\s+/).map((each) => /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(each));
  return Object.fromEntries(found.flatMap((each) => (each ? [[each[1] ?? "", each[2] ?? ""]] : [])));
}

/** As kvmx runs it, where it is known who that is. */
function commands(field: string): Key["translate"] {
  return (value, work) => {
    const name = userOf(work);
    if (name === null) return translated(machine(field, [value]), AS_ROOT);
    return translated(machine(field, [`su -l ${name} -c ${quoted(value)}`]));
  };
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Who works in the guest, and what is run there. */
export const guestKeys: readonly Key[] = [
  {
    name: "user",
    ours: "`cloud_init.users`, `ssh.user`",
    about: "With `sudo`. In a box that is there, who logs in.",
    translate: user,
  },
  {
    name: "password",
    ours: "`cloud_init.users.NAME.password_hash`",
    about:
      "**Never carried over**, neither into the file nor into the report. Without one the password is locked, and the machine's own key lets in.",
    translate: (_, work) =>
      untranslated(
        "a password is not written into a file",
        `Log in by key; or: cloud_init.users.${userOf(work) ?? "NAME"}.password_hash: "\${env.GUEST_PASSWORD_HASH}", made by mkpasswd.`,
      ),
  },
  {
    name: "ssh_support",
    ours: "`networks.lan.forwards.ssh`, `ssh`",
    about:
      "A port to SSH is there unless `networks` say otherwise. What a box of kvmx's lets in is for you to name: `ssh.private_key`.",
    translate: sshSupport,
  },
  {
    name: "ssh_custom",
    ours: "always so",
    about: "Each machine has a key of its own. There is no key that is known to everybody.",
    translate: () => notNeeded("Each machine has a key of its own."),
  },
  {
    name: "ssh_custom_pubkey",
    ours: "`cloud_init.users.NAME.ssh_authorized_keys`",
    about: "A key, or the file that holds it (`${file.PATH}`).",
    translate: publicKey,
  },
  {
    name: "ssh_env",
    ours: "`provision[].environment`",
    about: "For logging in yourself: `SetEnv` of ssh_config.",
    translate: (value, { get }) => {
      if (get("provision_command") === null)
        return notNeeded("Nothing is provisioned; SetEnv of ssh_config is for your own logins.");
      return Object.keys(environmentOf(value)).length > 0
        ? translated([], "The environment of the provisioning step.")
        : untranslated("it is no NAME=VALUE", "Set environment of the provisioning step.");
    },
  },
  {
    name: "provision_command",
    ours: "`provision`",
    about: "Once, when the machine is ready first; `guestkit vm provision NAME` runs it again.",
    translate: provision,
  },
  {
    name: "provision_always",
    ours: "`provision_always`",
    about: "",
    idea: true,
    translate: (value) =>
      isOn(value) ? translated(machine("provision_always", true)) : notNeeded("It is off, as it is here."),
  },
  {
    name: "startup_command",
    ours: "`startup_commands`",
    about: "Those run as root; the importer says `su` where it knows the user.",
    translate: commands("startup_commands"),
  },
  {
    name: "poweroff_pre_command",
    ours: "`shutdown_commands`",
    about: "The same.",
    translate: commands("shutdown_commands"),
  },
  {
    name: "upgrade_command",
    ours: "`upgrade_command`",
    about: "As root. `guestkit vm upgrade NAME` runs it, `guestkit vm foreach upgrade` on every machine.",
    idea: true,
    translate: (value) => translated(machine("upgrade_command", value.replace(/(^|&&\s*|;\s*)sudo\s+(?!-)/g, "$1"))),
  },
];
