"""Fills a folder with what the readers' structures need, as small as they go. Usage: DIR PART..."""
import os
import sys

ROOT = sys.argv[1]


def at(*names):
    return os.path.join(ROOT, *names)


def pattern(length, seed):
    return bytes((index * 7 + (index >> 8) * 13 + seed) & 0xFF for index in range(length))


def write(path, data):
    os.makedirs(os.path.dirname(at(path)), exist_ok=True)
    with open(at(path), "wb") as out:
        out.write(data)


def plain():
    write("empty", b"")
    write("small", b"a few words\n")
    write("dir/sub/leaf", b"leaf\n")
    write("dir/large", pattern(21000, 3))
    write("A long name with spaces that FAT keeps in three pieces.text", pattern(900, 9))


def links():
    os.symlink("dir/sub/leaf", at("fast-link"))
    os.symlink("x/" * 50, at("slow-link"))
    os.link(at("small"), at("dir/hard-link"))
    os.mkfifo(at("fifo"))


def many():
    os.mkdir(at("many"))
    for index in range(60):
        os.link(at("empty"), at("many", f"entry-{index:02}-".ljust(60, "n")))


def sparse():
    with open(at("pieces"), "wb") as out:
        for index in range(12):
            out.seek(index * 8192)
            out.write(pattern(1024, index))


def deep():
    with open(at("deep"), "wb") as out:
        for index in range(360):
            out.seek(index * 8192)
            out.write(pattern(1024, index))


def far():
    """Blocks that only double and triple indirect blocks reach."""
    with open(at("far"), "wb") as out:
        for offset in (0, 100 << 10, 1 << 20, 80 << 20):
            out.seek(offset)
            out.write(pattern(1500, offset >> 16))


def xattrs():
    write("attributes", b"with attributes")
    for index in range(6):
        os.setxattr(at("attributes"), f"user.number-{index}", pattern(60, index))
    write("one", b"x")
    os.setxattr(at("one"), "user.one", b"1")
    os.setxattr(at("one"), "security.selinux", b"system_u:object_r:etc_t:s0\0")


def big_xattr():
    os.setxattr(at("one"), "user.big", pattern(3000, 5))


def inline():
    write("inline/tiny", b"tiny")
    write("inline/fits", pattern(120, 4))
    for index in range(5):
        write(f"inline/dir/n{index}", b"")


def system():
    write("etc/os-release", b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    write("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n")
    write("etc/group", b"root:x:0:\nann:x:1000:\n")
    write("etc/fstab", b"UUID=0123abcd-1111-4222-8333-444455556666 / ext4 defaults 0 1\nLABEL=ESP /boot/efi vfat umask=77 0 1\n")
    write("etc/hostname", b"box\n")
    write("etc/machine-id", b"0123456789abcdef0123456789abcdef\n")
    write("etc/network/interfaces", b"auto lo\niface lo inet loopback\niface eth0 inet dhcp\n")
    write("etc/netplan/a.yaml", b"network:\n  version: 2\n  ethernets: {eth0: {dhcp4: true}}\n")
    os.makedirs(at("boot/efi"))
    write("boot/vmlinuz-6.1.0-1-amd64", b"kernel")
    write("var/lib/dpkg/status", b"".join(
        b"Package: p%d\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.%d-1\nInstalled-Size: 9\n\n" % (i, i)
        for i in range(5)))
    write("usr/bin/true", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\0\x3e\0" + bytes(80))
    os.symlink("usr/bin", at("bin"))
    os.makedirs(at("etc/systemd/system/multi-user.target.wants"))
    os.symlink("/lib/systemd/system/ssh.service", at("etc/systemd/system/multi-user.target.wants/ssh.service"))


for part in sys.argv[2:]:
    globals()[part]()
