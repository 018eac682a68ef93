import { readFile, realpath } from "node:fs/promises";
import { userInfo } from "node:os";
import { findTool, whereIs } from "../host/program/process.ts";
import type { Share } from "../machine/machine.ts";
import { confine, isRoot, lacksConfinement } from "./confine.ts";
import { channelOf, EXPORT, type Kind, type Lack } from "./kind.ts";

/**
 * NFS 4.2 by NFS-Ganesha, one a connection, in a network of its own. An NFS handle is a number of the file system: who
 * makes one up reaches any file of it, whatever folder is exported. So the folder must be a file system by itself.
 */
export const nfs: Kind = {
  name: "nfs",
  longestTag: 31,
  drivers: [["nfsv4"]],
  program: null,
  maps: true,
  carried: { by: "channel", serve },
  lacks,
  mount: (place) => {
    const { address, port } = channelOf(place);
    return {
      program: ["mount", "-i", "-t", "nfs4"],
      options: [`addr=${address}`, "clientaddr=0.0.0.0", `port=${port}`, "vers=4.2", "proto=tcp", "sec=sys"],
      source: `${address}:${EXPORT}`,
    };
  },
};

const OTHERWISE = 'Set kind to "sshfs", "virtiofs" or "9p"';

async function lacks({ path }: Share): Promise<Lack | null> {
  if (!isRoot()) {
    const what = "its server opens files by handle (CAP_DAC_READ_SEARCH), which root alone may";
    return { what, help: `${OTHERWISE}, or run guestkit as root.` };
  }
  for (const [program, debian] of PROGRAMS) {
    if (whereIs(program) === null) {
      return { what: `${program} is not installed`, help: `Install it: sudo apt-get install ${debian}` };
    }
  }
  if (!(await isWholeFileSystem(path))) {
    const what = `"${path}" is no file system by itself: by a made-up handle the guest would reach all of the one around it`;
    return { what, help: `${OTHERWISE}, or mount a file system there.` };
  }
  return await lacksConfinement();
}

const PROGRAMS = [
  ["ganesha.nfsd", "nfs-ganesha-vfs"],
  ["socat", "socat"],
] as const;

/** The root of a file system is mounted there (proc(5): fields 4 and 5 of mountinfo); a missing folder is no fault here. */
async function isWholeFileSystem(path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => null);
  if (real === null) return true;
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n").map((line) => line.split(" "));
  return lines.some(([, , , root, at]) => root === "/" && at !== undefined && decodeOctal(at) === real);
}

/** `\040` for a space. */
const decodeOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

async function serve(share: Share): Promise<string> {
  const address = "TCP4:127.0.0.1:2049";
  const [server, relay] = [findTool("ganesha.nfsd"), findTool("socat")];
  const script = `${server} -F -f /etc/ganesha.conf -L /dev/null -p /state/pid >/dev/null &
n=0
until ${relay} -u OPEN:/dev/null ${address}; do n=$((n+1)); [ $n -lt 200 ] || exit 1; sleep 0.05; done
exec ${relay} - ${address}`;
  return await confine({
    share,
    argv: ["/bin/sh", "-c", script],
    sees: "system",
    files: {
      "/etc/ganesha.conf": configuration(share),
      // All that the server knows of file systems.
      "/etc/mtab": `share ${EXPORT} share rw 0 0\n`,
      "/etc/hosts": "127.0.0.1 localhost\n",
    },
    folders: ["/state", "/tmp", "/run", "/var/lib/nfs/ganesha"],
    capabilities: ["DAC_READ_SEARCH", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETUID", "SETGID", "CHOWN"],
  });
}

/** ganesha-config(8). Without a grace period: no client from before can be there. */
function configuration({ read_only, ownership }: Share): string {
  const { uid, gid } = userInfo();
  const owners =
    ownership === "map" ? "Squash = No_Root_Squash" : `Squash = All; Anonymous_Uid = ${uid}; Anonymous_Gid = ${gid}`;
  return `NFS_CORE_PARAM { Protocols = 4; NFS_Port = 2049; Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = false; mount_path_pseudo = true; fsid_device = true; }
NFSv4 { Graceless = true; RecoveryBackend = fs; Minor_Versions = 1, 2; Only_Numeric_Owners = true; Allow_Numeric_Owners = true; }
NFS_KRB5 { Active_krb5 = false; }
EXPORT {
  Export_Id = 1; Path = ${EXPORT}; Pseudo = ${EXPORT}; Protocols = 4; Transports = TCP; SecType = sys;
  Access_Type = ${read_only ? "RO" : "RW"}; ${owners}; PrivilegedPort = false;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = FATAL; }
`;
}
