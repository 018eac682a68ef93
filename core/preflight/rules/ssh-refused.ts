import { loginRefusal, portRefusal } from "../login.ts";
import type { Fault, Rule } from "../rule.ts";
import type { Subject } from "../subject.ts";
import { isBridged, waitingForSsh } from "./ssh.ts";

const LOOKED_AT =
  "Looked at: sshd_config and what it includes, with files that cloud_init writes there; the first value of a setting counts, what is in a Match block is left alone. Silent where cloud_init's commands touch sshd.";

export const sshRoot: Rule = {
  code: "P_SSH_ROOT",
  severity: "error",
  summary: "root is to log in, and the server refuses root.",
  explanation: `PermitRootLogin is no, or for forced commands only. ${LOOKED_AT}`,
  help: "Log in as another user with sudo, or allow root's keys in the image: PermitRootLogin prohibit-password.",
  check: (subject) => refused(subject, (keyword) => keyword === "permitrootlogin"),
};

export const sshRefused: Rule = {
  code: "P_SSH_REFUSED",
  severity: "error",
  summary: "The server refuses the user that is to log in, whatever key comes.",
  explanation: `By AllowUsers, AllowGroups, DenyUsers or DenyGroups, by PubkeyAuthentication, by AuthenticationMethods that want more than a key, by a locked password where UsePAM is off, or by a login shell that is not there. ${LOOKED_AT}`,
  help: "Log in as a user whom the server lets in (ssh.user), or change that line in the image (disk_image.files).",
  check: (subject) => refused(subject, (keyword) => keyword !== "permitrootlogin"),
};

function refused(subject: Subject, of: (keyword: string) => boolean): readonly Fault[] {
  const refusal = subject.system?.ssh?.program ? loginRefusal(subject) : null;
  return refusal && of(refusal.keyword) ? waitingForSsh(subject, refusal.why) : [];
}

export const sshPort: Rule = {
  code: "P_SSH_PORT",
  severity: "error",
  summary: "The server listens on another port, or where the host does not reach it.",
  explanation: `By Port or ListenAddress: another port than ssh.port, the loopback address alone, or IPv6 alone where a forward leads to IPv4. ${LOOKED_AT} Silent where a socket unit starts the server.`,
  help: "Set ssh.port to the server's, with a forward to it, or change that line in the image (disk_image.files).",
  check: (subject) => {
    const refusal = subject.system?.ssh?.program
      ? portRefusal(subject, isBridged(subject.machine) ? "any" : "ipv4")
      : null;
    return refusal ? waitingForSsh(subject, refusal.why) : [];
  },
};
