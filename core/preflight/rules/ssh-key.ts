import { keyFile, keyPlaces } from "../../guest/authorized-keys.ts";
import { keysOf, type SshServer } from "../../guest/ssh-server.ts";
import { sshdLines } from "../../guest/sshd-config.ts";
import { isList, isObject, isWhollyKnown, type Value, type ValueObject } from "../../model/value.ts";
import type { Fault, Rule } from "../rule.ts";
import { chooseSshUser } from "../ssh-user.ts";
import type { Seed, Subject } from "../subject.ts";
import { toldBeside, toldUsers } from "../told.ts";
import { cloudInitRuns, installs } from "./first-boot.ts";
import { waitingForSsh } from "./ssh.ts";
import { image } from "./words.ts";

export const sshKey: Rule = {
  code: "P_SSH_KEY",
  severity: "error",
  summary: "No key lets guestkit in: the user has none in the image, and cloud-init is told of none.",
  explanation:
    "Looked at: the user's authorized_keys in the image (AuthorizedKeysFile), owner and permissions of it, its folders and the home (StrictModes), and the public key beside ssh.private_key. The short form of cloud_init lets the machine's key in; beside a raw user_data it goes through meta-data to cloud-init's default user, and to root where disable_root is false: a fault where users leaves that one out, or the login is another's who has no such key. Silent where documents are secret or no #cloud-config, and where sshd takes keys from elsewhere.",
  help: "Declare cloud_init (an empty one does where cloud-init is installed), or put a key into the image: disk_image.bootstrap.users, and name its private half in ssh.private_key. Beside a raw user_data: add default to users, or give the user a key whose private half is ssh.private_key.",
  check: (subject) => {
    const { machine, system, seed, publicKey } = subject;
    const { ssh } = system ?? {};
    if (!system || !ssh || ssh.program === null || ssh.otherKeys || !subject.knows("cdroms")) return [];
    if (seed) return keptFromKey(subject, ssh);
    if (Object.values(machine.cdroms ?? {}).some((each) => each.image !== null) || !subject.knows("ssh")) return [];
    const user = chooseSshUser(machine, system, null);
    if (user === null || !system.users?.some(({ name }) => name === user)) return [];
    const keys = ssh.authorizedKeys[user] ?? [];
    const fits = publicKey === null ? keys.length > 0 : keys.includes(publicKey);
    if (fits) return [];
    const loose = ssh.loose[user];
    if (loose !== undefined) return waitingForSsh(subject, `${loose} in ${image(subject)} ${LOOSE}`);
    const lacks = keys.length > 0 ? "does not hold the public key of ssh.private_key" : "does not exist";
    return waitingForSsh(subject, `${keysOfUser(ssh, user)} in ${image(subject)} ${lacks}`);
  },
};

/** Beside a raw document, keys go where cloud-init takes them: those of meta-data to its default user, and to root. */
function keptFromKey(subject: Subject, ssh: SshServer): readonly Fault[] {
  const { machine, system, seed, publicKey } = subject;
  const config = seed?.config ?? null;
  const users = seed && toldUsers(seed);
  if (!seed || !config || !users || !isWhollyKnown(seed.fields) || cloudInitRuns(subject) !== true) return [];
  if (!subject.knows("ssh") || !judgeable(seed)) return [];
  const user = chooseSshUser(machine, system, seed.fields);
  const told = users.find(({ name }) => name === user);
  const ownKey = (machine.ssh?.private_key ?? null) === null;
  if (user === null || told?.imports || (!ownKey && publicKey === null)) return [];
  const obstacle = obstacleOf(subject, config, user);
  if (obstacle === null && ownKey) return [];
  const others = obstacle === null ? texts(config.ssh_authorized_keys ?? null) : [];
  const given = [...keysOf([...(told?.keys ?? []), ...others].join("\n")), ...(ssh.authorizedKeys[user] ?? [])];
  if (publicKey !== null && given.includes(publicKey)) return [];
  const lacks = ownKey ? obstacle : `user_data gives "${user}" other keys than the one of ssh.private_key`;
  return waitingForSsh(subject, `no key lets guestkit in as "${user}": ${lacks}`);
}

/** Nothing else in it brings keys, or makes another user the default one. */
function judgeable(seed: Seed): boolean {
  const { config } = seed;
  if ((config?.user ?? null) !== null || (config?.system_info ?? null) !== null) return false;
  return !installs(
    { seed: toldBeside(seed, ["users", "ssh_authorized_keys"]) },
    /authorized_keys|ssh.import.id|ssh-copy-id/,
  );
}

/** Why keys of meta-data do not reach a user; null where they do (cc_ssh.py, handle). */
function obstacleOf({ seed, system }: Subject, config: ValueObject, user: string): string | null {
  const metaData = seed?.fields.meta_data;
  if (seed?.path[0] !== "cloud_init") return "the machine's own key is in no medium but that of its own cloud_init";
  if (typeof metaData === "string" && /["']?public-keys/.test(metaData)) return "meta_data has public-keys of its own";
  const name = system?.cloudInit?.defaultUser ?? null;
  const refusesRoot = typeof config.disable_root === "boolean" ? config.disable_root : system?.cloudInit?.disablesRoot;
  if (user === "root" && refusesRoot === false) return null;
  const made = makesDefault(config.users ?? null);
  if (made && (user === name || name === null)) return null;
  const goes = "the machine's key goes to cloud-init's default user";
  return made ? `${goes}, which is "${name}"` : `${goes}, and users in user_data leaves default out`;
}

function makesDefault(users: Value): boolean {
  if (typeof users === "string") return /(?:^|,)\s*default\s*(?:,|$)/.test(users);
  if (!isList(users)) return true;
  return users.some((each) => each === "default" || (isObject(each) && each.name === "default"));
}

const texts = (value: Value): readonly string[] => (isList(value) ? value.map(String) : []);

const LOOSE = "is not the user's own or others may write to it, and so sshd's StrictModes lets no key in it count";

/** The first file that is looked at, as people write it. */
function keysOfUser({ config }: SshServer, user: string): string {
  const [place = ".ssh/authorized_keys"] = keyPlaces(sshdLines(config ?? {})).files;
  return keyFile(place, { name: user, home: user === "root" ? "/root" : `~${user}`, uid: 0 });
}
