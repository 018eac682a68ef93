"""Fills a mounted xfs with what only its reader may meet. Usage: DIR PART..."""
import os
import sys

ROOT = sys.argv[1]


def at(*names):
    return os.path.join(ROOT, *names)


def write(path, data):
    with open(path, "wb") as out:
        out.write(data)


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


def groups():
    """A directory in each allocation group, whose numbers take more than 32 bits in the later ones."""
    os.mkdir(at("groups"))
    for index in range(8):
        os.mkdir(at("groups", str(index)))
        write(at("groups", str(index), "file"), b"%d" % index)
        os.mkdir(at("groups", str(index), "below"))


for part in sys.argv[2:]:
    globals()[part]()
