"""What the kernel says of each image named on stdin: a line of JSON with facts by path, or null where it does not
mount. A fact that is refused is null. Usage: MOUNTPOINT"""
import json
import os
import signal
import stat
import subprocess
import sys
import zlib

TYPES = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink", stat.S_IFBLK: "block",
         stat.S_IFCHR: "char", stat.S_IFIFO: "fifo", stat.S_IFSOCK: "socket"}
MOUNT = os.fsencode(sys.argv[1])
MAX_CONTENT = 4 << 20
MAX_NAMES = 2000


def expire(*_):
    raise TimeoutError


signal.signal(signal.SIGALRM, expire)


def names_of(path):
    """The kernel lists some damaged hash trees without end."""
    names = []
    with os.scandir(path) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > MAX_NAMES:
                raise OSError("endless")
    return names


def facts():
    found, seen, todo = {}, set(), [b""]
    describe(b"", found)
    while todo:
        path = todo.pop()
        if path.count(b"/") > 12:
            continue
        key = path.decode("latin1")
        try:
            inode = os.lstat(MOUNT + path).st_ino
            if inode in seen:
                continue
            seen.add(inode)
            names = names_of(MOUNT + path + b"/")
        except OSError:
            found[key + " names"] = None
            continue
        found[key + " names"] = "\n".join(sorted(name.decode("latin1") for name in names))
        for name in names:
            child = path + b"/" + name
            if describe(child, found) == "directory":
                todo.append(child)
    return found


def describe(path, found):
    key = path.decode("latin1")
    try:
        info = os.lstat(MOUNT + path)
    except OSError:
        found[key + " stat"] = None
        return None
    kind = TYPES.get(stat.S_IFMT(info.st_mode))
    size = 0 if kind == "directory" else info.st_size
    found[key + " stat"] = f"{kind} {stat.S_IMODE(info.st_mode):o} {info.st_uid} {info.st_gid} {size} {info.st_mtime_ns}"
    if kind == "file" and info.st_size <= MAX_CONTENT:
        try:
            with open(MOUNT + path, "rb") as content:
                found[key + " content"] = str(zlib.crc32(content.read()))
        except OSError:
            found[key + " content"] = None
    if kind == "symlink":
        try:
            found[key + " target"] = os.readlink(MOUNT + path).decode("latin1")
        except OSError:
            found[key + " target"] = None
    return kind


def answers(file):
    device = subprocess.check_output(["losetup", "--find", "--show", file], text=True).strip()
    try:
        mounted = subprocess.run(["mount", "-o", "ro,errors=continue", device, MOUNT], stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            return None
        try:
            signal.alarm(5)
            return facts()
        except TimeoutError:
            return None
        finally:
            signal.alarm(0)
            subprocess.check_call(["umount", MOUNT])
    finally:
        subprocess.check_call(["losetup", "--detach", device])


for line in sys.stdin:
    print(json.dumps(answers(line.strip())), flush=True)
