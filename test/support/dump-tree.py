"""One JSON line for each file below a folder: what the kernel says of it. Bytes are carried in hex."""
import hashlib
import json
import os
import stat
import sys

LARGE = 64 << 20
BLOCK = 4096


def digest(path, size):
    """SHA-256 of the content; of the non-zero blocks and their places where the file is large (and sparse)."""
    total = hashlib.sha256()
    fd = os.open(path, os.O_RDONLY)
    try:
        if size <= LARGE:
            while True:
                piece = os.read(fd, 1 << 20)
                if not piece:
                    return total.hexdigest()
                total.update(piece)
        at = 0
        while at < size:
            try:
                at = os.lseek(fd, at, os.SEEK_DATA)
            except OSError:
                break
            end = os.lseek(fd, at, os.SEEK_HOLE)
            at -= at % BLOCK
            while at < end:
                block = os.pread(fd, BLOCK, at)
                if block.count(0) != len(block):
                    total.update(b"%d:" % at + block)
                at += BLOCK
        return total.hexdigest()
    finally:
        os.close(fd)


def describe(root, path):
    full = os.path.join(root, path) if path else root
    found = os.lstat(full)
    kind = stat.S_IFMT(found.st_mode)
    line = {
        "path": path.hex(),
        "inode": found.st_ino,
        "type": kind >> 12,
        "mode": found.st_mode & 0o7777,
        "uid": found.st_uid,
        "gid": found.st_gid,
        "size": found.st_size,
        "links": found.st_nlink,
        "mtime": str(found.st_mtime_ns),
        "atime": str(found.st_atime_ns),
        "ctime": str(found.st_ctime_ns),
        "device": [os.major(found.st_rdev), os.minor(found.st_rdev)],
        "xattrs": {
            name: os.getxattr(full, name, follow_symlinks=False).hex()
            for name in sorted(os.listxattr(full, follow_symlinks=False))
        },
    }
    if kind == stat.S_IFLNK:
        line["target"] = os.readlink(full).hex()
    if kind == stat.S_IFREG:
        line["sha256"] = digest(full, found.st_size)
    return line


def walk(root, path):
    print(json.dumps(describe(root, path)))
    full = os.path.join(root, path) if path else root
    if not stat.S_ISDIR(os.lstat(full).st_mode):
        return
    for name in sorted(os.listdir(full)):
        walk(root, os.path.join(path, name))


walk(os.fsencode(sys.argv[1]), b"")
