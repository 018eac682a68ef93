/** What the kernel answered, said so that a user can act on it. */
export interface SystemMeaning {
  /** `Cannot write "x": <so>`. */
  readonly so: string;
  /** A next step; `%` stands for the place, `@` for its folder: what could not be written is not there. */
  readonly help: string;
  /** What the C library calls it: programs print this (in the locale C) where the host is at its limits. */
  readonly printed?: string;
}

const LOOK = "Look at it: ls -ld %";

/** The one table of system errors: each becomes `E_SYSTEM_<errno>`. docs/cli.md shows it. */
export const SYSTEM_ERRORS: Readonly<Record<string, SystemMeaning>> = {
  ENOSPC: {
    so: "no space left on its file system",
    help: "Make room there, then run again: df -h @; df -i @",
    printed: "No space left on device",
  },
  EDQUOT: {
    so: "the disk quota is used up",
    help: "Make room there, or have the quota raised, then run again: quota -s",
    printed: "Disk quota exceeded",
  },
  EROFS: {
    so: "its file system is read-only",
    help: "Name another place, or mount it writable: findmnt -T @",
    printed: "Read-only file system",
  },
  EIO: {
    so: "its device cannot be read or written (input/output error)",
    help: "Look at what the kernel says of the device: sudo dmesg | tail; findmnt -T @",
    printed: "Input/output error",
  },
  EFBIG: {
    so: "a file of that size is not allowed there",
    help: "Look at the limits (ulimit -f) and at the file system: findmnt -T @",
    printed: "File too large",
  },
  ENOMEM: { so: "no memory is left", help: "Free memory, then run again: free -h", printed: "Cannot allocate memory" },
  EMFILE: {
    so: "this process has too many open files",
    help: "Raise the limit, then run again: ulimit -n 65536",
    printed: "Too many open files",
  },
  ENFILE: {
    so: "the host has too many open files",
    help: "Raise the limit, then run again: sudo sysctl fs.file-max",
    printed: "Too many open files in system",
  },
  EAGAIN: { so: "a limit of processes or locks is reached", help: "Look at the limits, then run again: ulimit -a" },
  EACCES: { so: "permission denied", help: `Run as its owner, or name a place that is yours. ${LOOK}` },
  EPERM: { so: "this user may not do that", help: `Run as its owner. ${LOOK}` },
  ENOENT: { so: "there is no such file or folder", help: "Look at what is there, and mind the spelling: ls -la @" },
  ENOTDIR: { so: "a part of the path is no folder", help: "Look at its parts: namei -l %" },
  EISDIR: { so: "it is a folder", help: "Name a file." },
  EEXIST: { so: "something of that name is there already", help: LOOK },
  ENOTEMPTY: { so: "the folder is not empty", help: "Look at what is in it: ls -la %" },
  ENAMETOOLONG: {
    so: "the name is too long (255 bytes a name, 4,095 a path)",
    help: "Use a shorter name.",
  },
  ELOOP: { so: "its symbolic links lead round in a circle", help: "Look where they lead: namei -l %" },
  ETXTBSY: { so: "it is a program that runs", help: "Stop it, then run again: fuser -v %" },
  EBUSY: { so: "something has it in use", help: "Look at what has it, then run again: fuser -vm %" },
  EXDEV: { so: "the two names are on different file systems", help: "Name places on one file system: df @" },
  ENXIO: { so: "it is no file but a socket, or a pipe or device with nobody behind it", help: LOOK },
  ENODEV: { so: "there is no such device", help: LOOK },
  ENOTSUP: { so: "its file system cannot do that", help: "Look at what it is, or name another place: findmnt -T @" },
  EOPNOTSUPP: { so: "its file system cannot do that", help: "Look at what it is, or name another place: findmnt -T @" },
  ENOSYS: { so: "this kernel cannot do that", help: "See what this host can do: guestkit doctor" },
  EINVAL: {
    so: "the system takes no such value (a name with a NUL, say)",
    help: `Look at the name and at what it names. ${LOOK}`,
  },
  EOVERFLOW: { so: "it is too large for this system", help: LOOK },
  ENOLCK: { so: "no lock can be had on its file system", help: "Name a place on a local file system: findmnt -T @" },
  ESTALE: { so: "the network file system has lost it", help: "Mount it anew, then run again: findmnt -T @" },
  E2BIG: { so: "the command line is too long for the system", help: "Give less at once." },
  ECONNREFUSED: { so: "nobody listens there", help: "Start what should answer, then run again." },
  ECONNRESET: { so: "the other side broke the connection off", help: "Run again; look at the log of the other side." },
  ETIMEDOUT: { so: "nobody answered in time", help: "Look whether it can be reached, then run again." },
  EHOSTUNREACH: { so: "there is no way to that host", help: "Look at the network: ip route" },
  ENETUNREACH: { so: "there is no way to that network", help: "Look at the network: ip route" },
  EADDRINUSE: { so: "another process has that address", help: "Look at what has it: ss -tlnp" },
  EADDRNOTAVAIL: { so: "this host has no such address", help: "Look at its addresses: ip address" },
  ENOTFOUND: { so: "no such host is known", help: "Mind the spelling; ask for it: getent hosts NAME" },
  EPIPE: { so: "whoever read it has gone", help: "Run again, and let the reader read to the end." },
};
