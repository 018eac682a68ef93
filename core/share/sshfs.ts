import { whereIs } from "../host/program/process.ts";
import type { Share } from "../machine/machine.ts";
import { confine, lacksConfinement } from "./confine.ts";
import { channelOf, EXPORT, type Kind, type Lack } from "./kind.ts";

/** The guest's sshfs talks to OpenSSH's sftp-server through a channel, without SSH in between: no key, no login. */
export const sshfs: Kind = {
  name: "sshfs",
  longestTag: 31,
  drivers: [["fuse"]],
  program: "sshfs",
  maps: false,
  carried: { by: "channel", serve },
  lacks,
  mount: (place) => {
    const { address, port } = channelOf(place);
    const options = ["allow_other", "default_permissions", "dir_cache=no", "auto_cache", "reconnect"];
    return { program: ["sshfs"], options: [`directport=${port}`, ...options], source: `${address}:${EXPORT}` };
  },
};

/** Where distributions lay it: it is on nobody's PATH. */
const PLACES = [
  "/usr/lib/openssh/sftp-server",
  "/usr/libexec/openssh/sftp-server",
  "/usr/lib/ssh/sftp-server",
  "/usr/libexec/sftp-server",
];

const find = () => PLACES.map(whereIs).find((each) => each !== null) ?? null;

async function lacks(): Promise<Lack | null> {
  if (find() === null) {
    return { what: "sftp-server is not installed", help: "Install it: sudo apt-get install openssh-sftp-server" };
  }
  return await lacksConfinement();
}

/** Modes come with the request, the guest's umask taken off already. Without CHOWN files stay the host user's. */
async function serve(share: Share): Promise<string> {
  return await confine({
    share,
    argv: [find() ?? "sftp-server", "-l", "QUIET", "-u", "0"],
    sees: "libraries",
    files: {},
    folders: [],
    capabilities: ["DAC_OVERRIDE", "FOWNER", "FSETID"],
  });
}
