"""Fills a mounted xfs with what only its reader may meet. Usage: DIR PART..."""
import fcntl
import os
import sys

PUNCH_HOLE = 3
FICLONE = 0x40049409
ROOT = sys.argv[1]


def at(*names):
    return os.path.join(ROOT, *names)


def write(path, data):
    with open(path, "wb") as out:
        out.write(data)


def fallocate(fd, mode, offset, length):
    """Whether it was done. The test machine's Python has no ctypes: holes are not punched there."""
    try:
        import ctypes
    except ImportError:
        return mode == 0 and os.posix_fallocate(fd, offset, length) is None
    libc = ctypes.CDLL(None)
    libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
    return libc.fallocate(fd, mode, offset, length) == 0


def links():
    """Targets in one block and in several, up to the longest."""
    os.mkdir(at("links"))
    for length in (300, 336, 337, 400, 457, 1000, 1023):
        os.symlink("l" * length, at("links", str(length)))


def directories():
    """Of every size from a few entries to a few blocks, with names removed in between."""
    os.mkdir(at("directories"))
    write(at("directories/one"), b"")
    for count in (0, 1, 2, 5, 9, 20, 40, 80, 130, 200, 400, 900):
        os.mkdir(at("directories", str(count)))
        for index in range(count):
            os.link(at("directories/one"), at("directories", str(count), f"{index}-of-{count}"))
        for index in range(0, count, 5):
            os.remove(at("directories", str(count), f"{index}-of-{count}"))


def scattered():
    """Two directories that grow by turns: their extents do not fit in their inodes."""
    os.mkdir(at("scattered"))
    write(at("one"), b"")
    sides = [at("scattered", side) for side in "ab"]
    for side in sides:
        os.mkdir(side)
    for index in range(12000):
        for side in sides:
            os.link(at("one"), os.path.join(side, f"{index}-".ljust(120, "x")))


def fragmented():
    """A file whose extents take more than one level."""
    with open(at("fragmented"), "wb") as out:
        for index in range(10000):
            out.seek(index * 8192)
            out.write(b"%05d" % index)


def attributes():
    """In one leaf, in a tree of them, beside their inode and in blocks of their own."""
    os.mkdir(at("attributes"))
    for count in (1, 3, 10, 60, 700):
        path = at("attributes", str(count))
        write(path, b"")
        for index in range(count):
            os.setxattr(path, f"user.{index}-of-{count}", b"%d" % index * (index % 90))
        for index in range(0, count, 4):
            os.removexattr(path, f"user.{index}-of-{count}")
    write(at("attributes/large"), b"")
    for size in (255, 256, 1000, 3000, 4039, 4040, 4041, 5000, 20000, 65535, 65536):
        os.setxattr(at("attributes/large"), f"user.size-{size}", os.urandom(size))
    os.setxattr(at("attributes/large"), "trusted.large", b"t" * 9000)
    os.setxattr(at("attributes/large"), "security.large", b"s" * 9000)
    os.symlink("l" * 900, at("attributes/link"))
    os.setxattr(at("attributes/link"), "trusted.of-link", b"x" * 3000, follow_symlinks=False)


def pieces():
    """A directory where only single blocks are free: one of its own consists of several extents."""
    os.mkdir(at("pieces"))
    write(at("one"), b"")
    import subprocess

    subprocess.run(["xfs_io", "-x", "-c", "resblks 0", ROOT], check=True, stdout=subprocess.DEVNULL)
    fd = os.open(at("filler"), os.O_RDWR | os.O_CREAT)
    size = 0
    for step in (1 << 20, 64 << 10, 4 << 10, 1 << 10):
        while fallocate(fd, 0, size, step):
            size += step
    os.fsync(fd)
    for place in range(0, size, 4096):
        fallocate(fd, PUNCH_HOLE, place, 1024)
    os.fsync(fd)
    os.close(fd)
    for index in range(300):
        os.link(at("one"), at("pieces", f"{index}-".ljust(90, "p")))


def groups():
    """A directory in each allocation group, whose numbers take more than 32 bits in the later ones."""
    os.mkdir(at("groups"))
    for index in range(8):
        os.mkdir(at("groups", str(index)))
        write(at("groups", str(index), "file"), b"%d" % index)
        os.mkdir(at("groups", str(index), "below"))


def sync_log(name):
    """Commits what was done; metadata stays in the log."""
    fd = os.open(at(name), os.O_RDWR | os.O_CREAT)
    os.write(fd, name.encode())
    os.fsync(fd)
    os.close(fd)


def shared(source, target):
    with open(source, "rb") as old, open(target, "wb") as new:
        fcntl.ioctl(new.fileno(), FICLONE, old.fileno())


def busy():
    """Every kind of change that a log may hold, some of them undone again."""
    os.mkdir(at("busy"))
    for index in range(700):
        write(at("busy", f"new-{index}"), b"%d" % index * 40)
    sync_log("first")
    for index in range(100, 600):
        os.remove(at("busy", f"new-{index}"))
    for index in range(300):
        os.mkdir(at("busy", f"folder-{index}"))
        os.symlink("t" * (index * 3 + 1), at("busy", f"link-{index}"))
    sync_log("second")
    with open(at("busy/torn"), "wb") as out:
        for index in range(600):
            out.seek(index * 16384)
            out.write(b"%05d" % index)
    os.fsync(os.open(at("busy/torn"), os.O_RDONLY))
    os.truncate(at("busy/torn"), 3000000)
    fd = os.open(at("busy/room"), os.O_RDWR | os.O_CREAT)
    fallocate(fd, 0, 0, 1 << 20)
    os.pwrite(fd, b"w" * 9000, 500000)
    os.fsync(fd)
    fallocate(fd, PUNCH_HOLE, 501000, 6000)
    os.close(fd)
    for index in range(40):
        path = at("busy", f"new-{index}")
        for size in (10, 300, 2000, 9000):
            os.setxattr(path, f"user.size-{size}", b"%d" % (index % 10) * size)
        if index % 3 == 0:
            os.removexattr(path, "user.size-9000")
            os.removexattr(path, "user.size-300")
    sync_log("third")
    for index in range(0, 300, 2):
        os.rmdir(at("busy", f"folder-{index}"))
    for index in range(1, 300, 2):
        os.rename(at("busy", f"folder-{index}"), at("busy", f"moved-{index}"))
    os.chmod(at("busy"), 0o1711)
    os.mknod(at("busy/null"), 0o020666, os.makedev(1, 3))
    os.link(at("busy/new-1"), at("busy/again"))
    sync_log("fourth")


def reflinks():
    """Content that files share, and that is written to afterwards."""
    write(at("origin"), b"".join(b"%06d" % index * 100 for index in range(3000)))
    os.fsync(os.open(at("origin"), os.O_RDONLY))
    for index in range(5):
        shared(at("origin"), at(f"copy-{index}"))
        with open(at(f"copy-{index}"), "r+b") as out:
            for place in range(20):
                out.seek(place * 60000 + index * 5000)
                out.write(b"changed" * 100)
            os.fsync(out.fileno())
    sync_log("after-reflinks")


def deleted():
    """A file that is deleted while it is open."""
    global held
    write(at("held"), b"h" * 50000)
    held = open(at("held"), "rb")
    os.remove(at("held"))
    sync_log("after-deletion")


def stop():
    """Writes the log to its end and stops the file system: what is in memory alone is lost (XFS_IOC_GOINGDOWN)."""
    fd = os.open(ROOT, os.O_RDONLY)
    fcntl.ioctl(fd, 0x8004587D, (1).to_bytes(4, sys.byteorder))
    os.close(fd)


def rounds():
    """Twice is enough to go around a small log."""
    before = len([name for name in os.listdir(ROOT) if name.startswith("round-")])
    for turn in range(before, before + 60):
        os.mkdir(at(f"round-{turn}"))
        for index in range(150):
            os.symlink(f"{turn}-{index}", at(f"round-{turn}", f"{index}-".ljust(100, "r")))
        if turn > before + 3:
            for index in range(0, 150, 2):
                os.remove(at(f"round-{turn - 3}", f"{index}-".ljust(100, "r")))
        sync_log(f"turn-{turn % 5}")


for part in sys.argv[2:]:
    globals()[part]()
