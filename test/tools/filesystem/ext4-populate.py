"""Fills a mounted ext2, ext3 or ext4 file system with whatever a reader may meet. Usage: DIR PART..."""
import ctypes
import os
import socket
import struct
import subprocess
import sys

ROOT = sys.argv[1]
libc = ctypes.CDLL(None, use_errno=True)
libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
PUNCH_HOLE = 3
ZERO_RANGE = 0x10


def at(*names):
    return os.path.join(ROOT, *names)


def fallocate(fd, mode, offset, length):
    if libc.fallocate(fd, mode, offset, length) != 0:
        raise OSError(ctypes.get_errno(), "fallocate")


def pattern(length, seed=1):
    return bytes((i * 7 + (i >> 8) * 13 + seed) & 0xFF for i in range(min(length, 65536))) * (length // 65536 + 1)


def write(path, data):
    with open(path, "wb") as out:
        out.write(data)


def basic():
    os.makedirs(at("files/deep/er/still"))
    for size in (0, 1, 59, 60, 61, 100, 150, 151, 155, 160, 200, 1023, 1024, 1025, 4095, 4096, 4097, 65536, 100000, 3 << 20):
        write(at("files", f"size-{size}"), pattern(size, size)[:size])
    write(at("files/deep/er/still/leaf"), b"leaf\n")
    os.link(at("files/size-100"), at("files/deep/hard-link"))
    for length in (1, 40, 58, 59, 60, 61, 100, 200, 1000):
        os.symlink(("t" * 49 + "/") * 20 if length == 1000 else "x" * length, at("files", f"link-{length}"))
    os.symlink("/etc/../../outside", at("files/absolute"))
    os.mkfifo(at("files/fifo"), 0o600)
    os.mknod(at("files/char"), 0o020640, os.makedev(5, 1))
    os.mknod(at("files/block"), 0o060660, os.makedev(259, 70000))
    listener = socket.socket(socket.AF_UNIX)
    os.chdir(at("files"))  # a socket's path has room for 108 bytes only
    listener.bind("socket")
    os.chdir("/")
    listener.close()
    os.chown(at("files/size-59"), 70000, 4000000000)
    os.chmod(at("files/size-60"), 0o6755)
    os.chmod(at("files/deep"), 0o1777)
    os.mkdir(at("names"))
    for name in (b"\xff\xfe not utf-8", b"new\nline", b"esc\x1b[31m", b"n" * 255, "größe-日本".encode(), b" ", b"...", b"..a", b".a"):
        write(os.path.join(os.fsencode(at("names")), name), name)


def times():
    os.mkdir(at("times"))
    for seconds in (-2147483648, -1, 0, 1, 2147483647, 2147483648, 4294967296, 7000000000, 12884901887, 15032385535):
        path = at("times", str(seconds))
        write(path, b"")
        try:
            os.utime(path, ns=(seconds * 10**9 + 999999999, seconds * 10**9 + 123456789))
        except OSError:
            pass


def sparse():
    os.mkdir(at("sparse"))
    with open(at("sparse/holes"), "wb") as out:
        for offset in (0, 50000, 70000, 300000, 5 << 20, 70 << 20, 100 << 20):
            out.seek(offset)
            out.write(pattern(3000, offset)[:3000])
        out.truncate(130 << 20)
    with open(at("sparse/empty"), "wb") as out:
        out.truncate(10 << 20)
    with open(at("sparse/every-other"), "wb") as out:
        for index in range(1500):
            out.seek(index * 8192)
            out.write(b"%05d" % index * 200)


def unwritten():
    os.mkdir(at("unwritten"))
    fd = os.open(at("unwritten/preallocated"), os.O_RDWR | os.O_CREAT)
    fallocate(fd, 0, 0, 2 << 20)
    os.pwrite(fd, pattern(5000), 300000)
    os.close(fd)
    fd = os.open(at("unwritten/past-end"), os.O_RDWR | os.O_CREAT)
    os.write(fd, b"short")
    fallocate(fd, 1, 0, 1 << 20)
    os.close(fd)
    fd = os.open(at("unwritten/punched"), os.O_RDWR | os.O_CREAT)
    os.write(fd, pattern(1 << 20))
    os.fsync(fd)
    fallocate(fd, PUNCH_HOLE, 100000, 200000)
    fallocate(fd, ZERO_RANGE, 500000, 300000)
    os.close(fd)


def huge():
    with open(at("huge"), "wb") as out:
        out.write(pattern(5000))
        out.seek(1 << 40)
        out.write(b"end")


def xattrs():
    os.mkdir(at("xattrs"))
    write(at("xattrs/small"), b"small")
    os.setxattr(at("xattrs/small"), "user.a", b"1")
    os.setxattr(at("xattrs/small"), "user.empty", b"")
    os.setxattr(at("xattrs/small"), "trusted.t", b"\x00\xff")
    os.setxattr(at("xattrs/small"), "security.selinux", b"system_u:object_r:etc_t:s0\x00")
    write(at("xattrs/inode"), b"inode")
    os.setxattr(at("xattrs/inode"), "user.alone", b"1")
    write(at("xattrs/block"), b"block")
    for index in range(12):
        os.setxattr(at("xattrs/block"), f"user.number-{index}", pattern(50, index)[:50])
    write(at("xattrs/acl"), b"acl")
    subprocess.run(["setfacl", "-m", "u:1000:rwx,g:2000:r-x,u:70000:---", at("xattrs/acl")], check=True)
    subprocess.run(["setfacl", "-d", "-m", "u:1000:rwx", at("xattrs")], check=True)
    write(at("xattrs/inherits"), b"")
    write(at("xattrs/capable"), b"capable")
    subprocess.run(["setcap", "cap_net_raw,cap_net_admin+ep", at("xattrs/capable")], check=True)
    os.symlink("target", at("xattrs/link"))
    os.setxattr(at("xattrs/link"), "trusted.of-link", pattern(80)[:80], follow_symlinks=False)


def big_xattrs():
    write(at("big-xattrs"), b"")
    os.setxattr(at("big-xattrs"), "user.big", pattern(60000)[:60000])
    os.setxattr(at("big-xattrs"), "user.middle", pattern(5000)[:5000])
    os.setxattr(at("big-xattrs"), "user.small", b"s")
    os.symlink("short", at("big-xattr-link"))
    os.setxattr(at("big-xattr-link"), "trusted.big", pattern(30000)[:30000], follow_symlinks=False)


def inline():
    os.mkdir(at("inline"))
    for size in (1, 60, 61, 100, 140):
        write(at("inline", f"file-{size}"), pattern(size, 5)[:size])
    write(at("inline/grown"), b"only this is stored")
    os.truncate(at("inline/grown"), 20000)
    for count in (0, 1, 3, 6, 12):
        os.mkdir(at("inline", f"dir-{count}"))
        for index in range(count):
            write(at("inline", f"dir-{count}", f"n{index}"), b"x")
    os.remove(at("inline/dir-3/n1"))


def many(name="many", count=3000, width=0):
    os.mkdir(at(name))
    for index in range(count):
        path = at(name, f"entry-{index}".ljust(width, "-"))
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    for index in range(0, count, 7):
        os.remove(at(name, f"entry-{index}".ljust(width, "-")))


def many20000():
    many("many-20000", 20000)


def deep_tree():
    many("deep-tree", 40000, 250)


def hashed():
    os.mkdir(at("hashed"))
    for index in range(1200):
        name = b"\xe9\xff-%d" % index if index % 2 else b"ascii-" + b"long" * (index % 40) + b"%d" % index
        os.close(os.open(os.path.join(os.fsencode(at("hashed")), name), os.O_CREAT | os.O_WRONLY))


def encrypted():
    """fscrypt by its ioctls (Documentation/filesystems/fscrypt.rst): a key, and a policy of version 2 on a folder."""
    import fcntl

    key = bytes(range(64))
    add = bytearray(struct.pack("<II32sII8I", 2, 0, b"", len(key), 0, *[0] * 8) + key)
    fd = os.open(ROOT, os.O_RDONLY)
    fcntl.ioctl(fd, 0xC0506617, add)
    os.close(fd)
    os.mkdir(at("secret"))
    fd = os.open(at("secret"), os.O_RDONLY)
    fcntl.ioctl(fd, 0x800C6613, struct.pack("<BBBB4x16s", 2, 1, 4, 3, bytes(add[8:24])))
    os.close(fd)
    write(at("secret/plan"), b"hidden")
    os.symlink("hidden", at("secret/link"))


def sync_log():
    """Commits the journal without writing metadata back to its place, as sync(2) would."""
    fd = os.open(at("mark"), os.O_RDWR | os.O_CREAT)
    os.write(fd, b"mark")
    os.fsync(fd)
    os.close(fd)


def churn_again():
    for turn in range(3):
        os.remove(at(f"renamed-{turn}"))
        os.remove(at(f"link-{turn}"))
    churn()


def churn():
    """Blocks that are metadata in one transaction and file content in a later one: copies that must be revoked."""
    for turn in range(3):
        os.mkdir(at("gone"))
        for index in range(400):
            write(at("gone", f"{turn}-{index}".ljust(200, "-")), b"")
        sync_log()
        for index in range(400):
            os.remove(at("gone", f"{turn}-{index}".ljust(200, "-")))
        os.rmdir(at("gone"))
        sync_log()
        write(at(f"reuse-{turn}"), pattern(2 << 20, turn))
        os.rename(at(f"reuse-{turn}"), at(f"renamed-{turn}"))
        os.symlink("s" * 100, at(f"link-{turn}"))
        os.setxattr(at(f"renamed-{turn}"), "user.turn", pattern(300, turn)[:300])
        sync_log()


def escaped():
    """Content that looks like the journal's own blocks; logged where data is journaled."""
    write(at("magic"), b"".join(b"\xc0\x3b\x39\x98" + b"%05d" % index * 200 + bytes(20) for index in range(100)))
    write(at("magic-blocks"), (b"\xc0\x3b\x39\x98\0\0\0\2" + bytes(1016)) * 200)
    sync_log()


def fast_commits():
    """Small changes, each synced: where the journal has an area for them they are logged as such, not as blocks."""
    for index in range(5):
        fd = os.open(at(f"fast-{index}"), os.O_RDWR | os.O_CREAT)
        os.write(fd, pattern(5000, index))
        os.fsync(fd)
        os.close(fd)


def unlinked():
    """A file that is deleted while it is open: left on the orphan list."""
    write(at("orphan"), pattern(50000))
    global held
    held = open(at("orphan"), "rb")
    os.remove(at("orphan"))
    sync_log()


for part in sys.argv[2:]:
    globals()[part]()
