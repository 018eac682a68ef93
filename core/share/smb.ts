import { findTool, whereIs } from "../host/program/process.ts";
import type { Share } from "../machine/machine.ts";
import { ACCOUNT, confine, lacksConfinement } from "./confine.ts";
import { channelOf, EXPORT, type Kind, type Lack } from "./kind.ts";

/**
 * Samba's smbd, one a connection, as inetd would start it. The kernel's client speaks SMB 1 with its Unix extensions
 * where the options name no other `vers`: they alone carry modes, symbolic links and every name; nobody else hears it.
 */
export const smb: Kind = {
  name: "smb",
  longestTag: 31,
  drivers: [["cifs"]],
  program: null,
  maps: false,
  carried: { by: "channel", serve },
  lacks,
  mount: (place) => {
    const { address, port } = channelOf(place);
    // Through the page cache: without one, splice(2) of Linux 6.1 hands out zeros behind a file's end.
    const options = ["guest", "sec=none", "vers=1.0", "nomapposix", "iocharset=utf8", "cache=loose"];
    return {
      // No helper: mount.cifs may be missing, and the kernel needs none where it is told the address.
      program: ["mount", "-i", "-t", "cifs"],
      options: [`ip=${address}`, `port=${port}`, ...options],
      source: `//${address}${EXPORT}`,
    };
  },
};

async function lacks(): Promise<Lack | null> {
  if (whereIs("smbd") === null) {
    return { what: "smbd is not installed", help: "Install it: sudo apt-get install samba" };
  }
  return await lacksConfinement();
}

async function serve(share: Share): Promise<string> {
  return await confine({
    share,
    argv: [findTool("smbd"), "-s", "/etc/smb.conf", "-l", "/state"],
    sees: "system",
    files: { "/etc/smb.conf": configuration(share) },
    folders: ["/state", "/tmp", "/run", "/var"],
    capabilities: ["DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID"],
  });
}

/** smb.conf(5): a guest without a password, who acts as the host's user, in one folder and nothing else. */
const configuration = ({ read_only }: Share): string => `[global]
server role = standalone server
map to guest = Bad User
guest account = nobody
private dir = /state
state directory = /state
cache directory = /state
lock directory = /state
pid directory = /state
ncalrpc dir = /state/ncalrpc
log file = /dev/null
log level = 0
disable netbios = yes
disable spoolss = yes
load printers = no
printcap name = /dev/null
server min protocol = NT1
unix extensions = yes
wide links = no
mangled names = no
unix charset = UTF-8
dos charset = UTF-8
ea support = no
store dos attributes = no
map archive = no
map hidden = no
map system = no
map readonly = no
oplocks = no
level2 oplocks = no
kernel oplocks = no
smb2 leases = no
[${EXPORT.slice(1)}]
path = ${EXPORT}
guest ok = yes
force user = ${ACCOUNT}
read only = ${read_only ? "yes" : "no"}
create mask = 7777
directory mask = 7777
`;
