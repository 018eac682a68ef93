"""Fills a mounted btrfs with what it alone has. Usage: DIR PART..."""
import ctypes
import fcntl
import os
import random
import struct
import subprocess
import sys

ROOT = sys.argv[1]
FICLONERANGE = 0x4020940D
SNAP_DESTROY = 0x5000940F
libc = ctypes.CDLL(None, use_errno=True)
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]


def at(*names):
    return os.path.join(ROOT, *names)


def write(path, data):
    with open(path, "wb") as out:
        out.write(data)


def pattern(length, seed=1):
    return bytes((i * 7 + (i >> 8) * 13 + seed) & 0xFF for i in range(min(length, 65536))) * (length // 65536 + 1)


def btrfs(*args):
    subprocess.run(["btrfs", *args], check=True, stdout=subprocess.DEVNULL)


def subvolumes():
    """Subvolumes in folders and in one another, snapshots of them, a default that is not the top, and deleted ones."""
    btrfs("subvolume", "create", at("root"))
    os.makedirs(at("root/var/lib"))
    btrfs("subvolume", "create", at("root/var/lib/machines"))
    write(at("root/var/lib/machines/disk"), pattern(20000))
    write(at("root/file"), b"of the subvolume")
    os.mkdir(at("home"))
    btrfs("subvolume", "create", at("home/user"))
    write(at("home/user/notes"), b"one")
    btrfs("subvolume", "snapshot", "-r", at("home/user"), at("home/before"))
    write(at("home/user/notes"), b"two, longer")
    btrfs("subvolume", "snapshot", at("root"), at("root-snapshot"))
    write(at("root-snapshot/file"), b"changed in the snapshot")
    btrfs("subvolume", "create", at("gone"))
    write(at("gone/file"), b"gone")
    btrfs("subvolume", "create", at("moved"))
    os.rename(at("moved"), at("root/moved"))
    os.sync()
    # By its ioctl: the tool takes no path below /proc.
    top = os.open(ROOT, os.O_RDONLY)
    fcntl.ioctl(top, SNAP_DESTROY, bytearray(struct.pack("<q4088s", 0, b"gone")))
    os.close(top)


def default():
    btrfs("subvolume", "set-default", at("root"))


def clones():
    """Extents that several files share, parts of them, and the middle of one that was written over."""
    write(at("clone-source"), pattern(1 << 20, 3))
    os.sync()
    source = os.open(at("clone-source"), os.O_RDONLY)
    for name, start, length, to in (("whole", 0, 0, 0), ("middle", 262144, 131072, 65536), ("end", 917504, 131072, 4096)):
        fd = os.open(at(f"clone-{name}"), os.O_RDWR | os.O_CREAT)
        fcntl.ioctl(fd, FICLONERANGE, struct.pack("<qQQQ", source, start, length, to))
        os.close(fd)
    os.close(source)
    fd = os.open(at("clone-whole"), os.O_RDWR)
    os.pwrite(fd, b"over" * 5000, 500000)
    os.close(fd)


def packable():
    """What compresses, at lengths about the extents' own (128 KiB) and sectors; and what compresses in part."""
    os.mkdir(at("packable"))
    line = b"".join(b"line %d of a text that repeats itself\n" % index for index in range(40000))
    for size in (1, 50, 2000, 4095, 4096, 4097, 60000, 131071, 131072, 131073, 300001, 1 << 20):
        write(at("packable", f"text-{size}"), line[:size])
    write(at("packable/zeros"), bytes(500000))
    write(at("packable/mixed"), line[:70000] + os.urandom(150000) + line[:200000] + os.urandom(9000))
    os.sync()
    fd = os.open(at("packable/text-1048576"), os.O_RDWR)
    os.pwrite(fd, b"over" * 3000, 200000)
    os.pwrite(fd, b"again", 131072 * 3 - 2)
    libc.fallocate(fd, 3, 600000, 100000)
    os.close(fd)


def spread():
    """Files of many stripes, none of them like another, and small ones in between."""
    os.mkdir(at("spread"))
    for index in range(24):
        blocks = (8, 40, 80, 120, 200)[index % 5]
        write(at("spread", f"file-{index}"), b"".join(b"%d: block %d\n" % (index, block) * 200 for block in range(blocks)))
    os.sync()


def no_sums():
    """Files without checksums, as databases and virtual machines have them."""
    os.mkdir(at("no-sums"))
    subprocess.run(["chattr", "+C", at("no-sums")], check=True)
    write(at("no-sums/disk"), pattern(300000, 9))


def quotas():
    """Simple quotas (linux/btrfs.h: BTRFS_IOC_QUOTA_CTL), which the tools of Debian 12 cannot switch on."""
    fd = os.open(ROOT, os.O_RDONLY)
    fcntl.ioctl(fd, 0xC0109428, struct.pack("<QQ", 4, 0))
    os.close(fd)


def unchain(crc, wanted):
    """The four bytes that turn a CRC-32C from one state into another."""
    table = []
    for index in range(256):
        value = index
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    top = {value >> 24: index for index, value in enumerate(table)}
    indices = []
    state = wanted
    for _ in range(4):
        index = top[state >> 24]
        indices.append(index)
        state = (state ^ table[index]) << 8 & 0xFFFFFFFF
    out = bytearray()
    for index in reversed(indices):
        out.append((crc ^ index) & 0xFF)
        crc = crc >> 8 ^ table[index]
    assert crc == wanted
    return bytes(out)


def crc32c(crc, data):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


def colliding(prefix, wanted):
    """Names that begin differently and have one hash."""
    count = 0
    while True:
        head = b"%s-%d-" % (prefix, count)
        tail = unchain(crc32c(0xFFFFFFFE, head), wanted)
        if b"/" not in tail and b"\0" not in tail and (prefix == b"f" or tail.isascii()):
            yield head + tail
        count += 1


def collisions():
    """Names and attributes whose hashes are the same: they share an item."""
    os.mkdir(at("collisions"))
    names = colliding(b"f", 0x12345678)
    for _ in range(12):
        name = next(names)
        write(os.path.join(os.fsencode(at("collisions")), name), name)
    attributes = colliding(b"user.a", 0x1234567)
    for _ in range(5):
        name = next(attributes)
        os.setxattr(at("collisions"), name, name)


class Churn:
    """Work as programs do it, by a seed: files are made, changed, renamed, linked and removed, and some of that synced."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def folders(self):
        found = [ROOT]
        for parent, names, _ in os.walk(ROOT):
            found += [os.path.join(parent, name) for name in names]
        return sorted(found)

    def files(self):
        found = [os.path.join(parent, name) for parent, _, names in os.walk(ROOT) for name in names]
        return sorted(path for path in found if os.path.isfile(path) and not os.path.islink(path))

    def new_path(self):
        self.count += 1
        name = f"n{self.random.randrange(30)}" if self.random.random() < 0.7 else f"name-{self.count}".ljust(self.random.randrange(8, 200), "-")
        return os.path.join(self.random.choice(self.folders()), name)

    def data(self):
        kind = self.random.randrange(4)
        size = self.random.choice((0, 10, 1000, 3000, 5000, 70000, 300000))
        return self.random.randbytes(size) if kind == 0 else pattern(size, self.random.randrange(256))[:size]

    def sync(self, path):
        fd = os.open(path, os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

    def step(self):
        action = self.random.choice((self.make, self.make, self.append, self.overwrite, self.truncate, self.punch, self.allocate,
                                     self.rename, self.link, self.remove, self.folder, self.remove_folder, self.attribute,
                                     self.symlink, self.mode, self.clone, self.exchange))
        try:
            path = action()
        except (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError, OSError):
            return
        chance = self.random.random()
        if path and chance < 0.5 and os.path.exists(path) and not os.path.islink(path):
            self.sync(path)
        elif path and chance < 0.65:
            self.sync(os.path.dirname(path))

    def make(self):
        path = self.new_path()
        if os.path.isdir(path):
            return None
        write(path, self.data())
        return path

    def pick(self):
        return self.random.choice(self.files())

    def append(self):
        path = self.pick()
        with open(path, "ab") as out:
            out.write(self.data())
        return path

    def overwrite(self):
        path = self.pick()
        fd = os.open(path, os.O_RDWR)
        os.pwrite(fd, self.data(), self.random.randrange(0, 200000))
        os.close(fd)
        return path

    def truncate(self):
        path = self.pick()
        os.truncate(path, self.random.choice((0, 1, 4096, 5000, 100000, 1000000)))
        return path

    def punch(self):
        path = self.pick()
        fd = os.open(path, os.O_RDWR)
        libc.fallocate(fd, 3, self.random.randrange(0, 100000), self.random.randrange(1, 100000))
        os.close(fd)
        return path

    def allocate(self):
        path = self.pick()
        fd = os.open(path, os.O_RDWR)
        libc.fallocate(fd, self.random.randrange(2), self.random.randrange(0, 300000), self.random.randrange(1, 300000))
        os.close(fd)
        return path

    def clone(self):
        source, path = os.open(self.pick(), os.O_RDONLY), self.pick()
        fd = os.open(path, os.O_RDWR)
        try:
            fcntl.ioctl(fd, FICLONERANGE, struct.pack("<qQQQ", source, 0, 4096 * self.random.randrange(4), 4096 * self.random.randrange(9)))
        finally:
            os.close(source)
            os.close(fd)
        return path

    def rename(self):
        old, new = self.random.choice((self.pick(), self.random.choice(self.folders()))), self.new_path()
        os.rename(old, new)
        return new

    def exchange(self):
        first, second = self.pick(), self.pick()
        if libc.renameat2(-100, os.fsencode(first), -100, os.fsencode(second), 2) != 0:
            return None
        return first

    def link(self):
        new = self.new_path()
        os.link(self.pick(), new)
        return new

    def remove(self):
        path = self.pick()
        os.remove(path)
        return path

    def folder(self):
        path = self.new_path()
        os.mkdir(path)
        return path

    def remove_folder(self):
        path = self.random.choice(self.folders()[1:])
        os.rmdir(path)
        return path

    def symlink(self):
        path = self.new_path()
        os.symlink("t" * self.random.randrange(1, 300), path)
        return path

    def mode(self):
        path = self.random.choice((self.pick(), self.random.choice(self.folders())))
        os.chmod(path, self.random.choice((0o600, 0o755, 0o4711)) if os.path.isfile(path) else 0o750)
        return path

    def attribute(self):
        path = self.random.choice((self.pick(), self.random.choice(self.folders())))
        name = f"user.{self.random.randrange(5)}"
        if self.random.random() < 0.4:
            os.removexattr(path, name)
        else:
            os.setxattr(path, name, self.random.randbytes(self.random.randrange(200)))
        return path


def churn(seed):
    """Files that are committed, then changes of which what was synced stands in the log alone."""
    work = Churn(seed)
    btrfs("subvolume", "create", at("subvolume"))
    for _ in range(5):
        os.makedirs(work.new_path(), exist_ok=True)
    for _ in range(60):
        work.make()
    for _ in range(60):
        work.step()
    os.sync()
    for _ in range(90):
        work.step()
    write(at("last"), b"last")
    work.sync(at("last"))


for part in sys.argv[2:]:
    name, _, argument = part.partition(":")
    globals()[name](*([int(argument)] if argument else []))
