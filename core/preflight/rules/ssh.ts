import type { FieldPath } from "../../engine/path.ts";
import { type Machine, networksOf } from "../../machine/machine.ts";
import type { SystemFacts } from "../facts/facts.ts";
import { loginRefusal } from "../login.ts";
import type { Fault, Rule } from "../rule.ts";
import { createdUsers, makesDefaultUser } from "../ssh-user.ts";
import type { Subject } from "../subject.ts";
import { cloudInitRuns, installs, isOpen } from "./first-boot.ts";
import { cannot, image, mayBeEnabled } from "./words.ts";

/** Words by which cloud-init may be told to install or start one; a key starts with `ssh-` as well. */
const SERVER = /openssh-server|dropbear|tinysshd|\bsshd\b|(?:install|enable|start)\b[^\n]{0,200}\bssh\b/;

export const sshNoServer: Rule = {
  code: "P_SSH_NO_SERVER",
  severity: "error",
  summary: "SSH is waited for, and the image has no server.",
  explanation: "Looked at: sshd, dropbear and tinysshd. Silent where cloud_init is told to install one.",
  help: "Add openssh-server to the image's packages or to cloud_init.packages, or wait for something else.",
  check: (subject) => {
    const ssh = subject.system?.ssh;
    if (!ssh || ssh.program !== null || installs(subject, SERVER)) return [];
    return waitingForSsh(subject, `${image(subject)} has no /usr/sbin/sshd (package openssh-server)`);
  },
};

export const sshDisabled: Rule = {
  code: "P_SSH_DISABLED",
  severity: "error",
  summary: "SSH is waited for, and nothing starts the server.",
  explanation:
    "Neither a service nor a socket is enabled, or it is masked. Silent on systems without systemd, and where systemd enables units by presets at a first boot (no machine-id).",
  help: "Enable it in the image: systemctl enable ssh (Debian, Ubuntu) or sshd.",
  check: (subject) => {
    const ssh = subject.system?.ssh;
    if (!ssh || ssh.program === null || ssh.enabled !== false || installs(subject, SERVER)) return [];
    if (mayBeEnabled(subject, /^sshd?\.|^dropbear/)) return [];
    const what = `in ${image(subject)} nothing starts ${ssh.program}: no ssh.service, sshd.service or ssh.socket is enabled below /etc/systemd/system`;
    return waitingForSsh(subject, what);
  },
};

export const sshHostKeys: Rule = {
  code: "P_SSH_HOST_KEYS",
  severity: "error",
  summary: "SSH is waited for, and the server has no host keys and nothing makes them.",
  explanation:
    "Without one, sshd ends at its start. Keys are made by cloud-init, by units of Fedora, Arch and SUSE that belong to the server, or by a unit or script of the image's own that runs ssh-keygen. Silent on systems without systemd.",
  help: "Make them at the first boot (a unit that runs ssh-keygen -A before ssh.service), or let cloud-init do it.",
  check: (subject) => {
    const { system } = subject;
    const ssh = system?.ssh;
    if (!system?.systemd || !ssh?.program?.endsWith("/sshd") || ssh.hostKeys.length > 0 || ssh.keyMaker !== null)
      return [];
    if (
      mayBeEnabled(subject, /keygen|host-?keys/) ||
      cloudInitRuns(subject) !== false ||
      installs(subject, /ssh-keygen|ssh_host_|dpkg-reconfigure/)
    )
      return [];
    const what = `/etc/ssh in ${image(subject)} has no ssh_host_*_key, and no enabled unit runs ssh-keygen`;
    return waitingForSsh(subject, what);
  },
};

export const sshUser: Rule = {
  code: "P_SSH_USER",
  severity: "error",
  summary: "The user to log in as is in the image's passwd no more than in what cloud-init is told.",
  explanation:
    "Looked at: /etc/passwd, the users that cloud_init creates, cloud-init's default user. Silent where the user-data is secret or not known yet.",
  help: "Add the user to cloud_init.users, or name one that exists: ssh.user.",
  check: (subject) => {
    const { machine, system, seed } = subject;
    const user = machine.ssh?.user ?? null;
    if (user === null || !system?.users || !subject.knows("cloud_init") || arises(subject, system, user)) return [];
    const known = [...createdUsers(seed?.fields ?? null), ...ordinary(system)];
    const help =
      known.length > 0 ? `Add "${user}" to cloud_init.users, or use one of: ${known.join(", ")}.` : undefined;
    const what = `nothing creates user "${user}": it is not in /etc/passwd of ${image(subject)}, nor in what cloud-init is told`;
    return sshNeeds(subject).length === 0
      ? []
      : [{ message: cannot(subject, what, "log in to"), path: ["ssh", "user"], ...(help && { help }) }];
  },
};

function arises({ seed }: Subject, system: SystemFacts, user: string): boolean {
  if (system.users?.some(({ name }) => name === user)) return true;
  if (!seed) return false;
  const { fields } = seed;
  if (isOpen(fields) || createdUsers(fields).includes(user)) return true;
  if (typeof fields.user_data === "string" && fields.user_data.includes(user)) return true;
  return system.cloudInit?.defaultUser === user && makesDefaultUser(fields);
}

function ordinary({ users }: SystemFacts): readonly string[] {
  return (users ?? []).filter(({ uid }) => uid >= 1000 && uid < 60_000).map(({ name }) => name);
}

export const portUnreachable: Rule = {
  code: "P_PORT_UNREACHABLE",
  severity: "error",
  summary: "A port of the guest is waited for, and no network leads to it.",
  explanation: "The host reaches user and passt networks by their forwards alone. Silent with a bridge or tap.",
  help: "Add a forward with that guest_port to a network.",
  check: (subject) => {
    const { machine } = subject;
    if (!subject.knows("networks")) return [];
    if (isBridged(machine)) return [];
    const reached = reachedPorts(machine);
    return (machine.wait_for ?? []).flatMap(({ condition, port }, index) => {
      const wanted = condition === "ssh" ? (machine.ssh?.port ?? 22) : condition === "port" ? port : null;
      if (wanted === null || reached.has(wanted)) return [];
      const what = `port ${wanted} of the guest is waited for, and no network forwards to it`;
      return [{ message: cannot(subject, what, "reach"), path: ["wait_for", index] }];
    });
  },
};

export const noWayIn: Rule = {
  code: "P_NO_WAY_IN",
  severity: "error",
  summary: "What runs inside the guest is to be asked or done, and there is neither SSH nor a guest agent.",
  explanation:
    "wait_for cloud_init, provisioning and the mounting of shares go by SSH or by the agent, whichever answers. Looked at: both programs, the networks' forwards to SSH's port, what refuses the login (P_SSH_REFUSED), and what cloud_init is told to install.",
  help: "Install qemu-guest-agent or openssh-server in the image or by cloud_init.packages, with a forward to port 22.",
  check: (subject) => {
    const { machine, system } = subject;
    if (!system?.ssh || !system.agent || !subject.knows("networks") || !subject.knows("shares")) return [];
    const agent = system.agent.installed || installs(subject, /qemu-guest-agent|qemu-ga/);
    const server = system.ssh.program !== null || installs(subject, SERVER);
    const leads = isBridged(machine) || reachedPorts(machine).has(machine.ssh?.port ?? 22);
    const refusal = server && leads ? loginRefusal(subject) : null;
    if (agent || (server && leads && !refusal)) return [];
    const lacks = server
      ? (refusal?.why ?? "no network forwards to its port of SSH")
      : `${image(subject)} has neither /usr/sbin/sshd nor /usr/sbin/qemu-ga`;
    return insideNeeds(subject).map((path) => ({ message: cannot(subject, lacks, "get into"), path }));
  },
};

/** Fields for which something is done inside the guest, by whichever way there is. */
function insideNeeds({ machine }: Subject): readonly FieldPath[] {
  const waits = (machine.wait_for ?? []).flatMap(({ condition }, index) =>
    condition === "cloud_init" ? [["wait_for", index]] : [],
  );
  const steps = (machine.provision ?? []).flatMap(({ via }, index) => (via === "auto" ? [["provision", index]] : []));
  return [...waits, ...steps, ...Object.keys(machine.shares ?? {}).map((key) => ["shares", key])];
}

export const isBridged = (machine: Machine) =>
  Object.values(networksOf(machine)).some(({ kind }) => kind === "bridge" || kind === "tap");

function reachedPorts(machine: Machine): ReadonlySet<number> {
  const forwards = Object.values(networksOf(machine)).flatMap((each) => Object.values(each.forwards));
  return new Set(forwards.filter(({ protocol }) => protocol === "tcp").map(({ guest_port }) => guest_port));
}

/** Fields that stand on SSH. */
export function sshNeeds({ machine }: Subject): readonly FieldPath[] {
  const waits = (machine.wait_for ?? []).flatMap(({ condition }, index) =>
    condition === "ssh" ? [["wait_for", index]] : [],
  );
  const steps = (machine.provision ?? []).flatMap(({ via }, index) =>
    via === "ssh" ? [["provision", index, "via"]] : [],
  );
  return [...waits, ...steps];
}

export function waitingForSsh(subject: Subject, why: string): readonly Fault[] {
  return sshNeeds(subject).map((path) => ({ message: cannot(subject, why, "log in to"), path }));
}
