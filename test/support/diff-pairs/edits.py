"""
edits.py make|edit SEED TOP PACKAGES: a system with files of every kind, and random changes to one, by the tools that change
systems where there are some. The same each time for a seed.
"""
import os, random, stat, subprocess, sys

verb, seed = sys.argv[1], int(sys.argv[2])
top, packages = (os.path.abspath(os.fsencode(each)) for each in sys.argv[3:])
numbers = random.Random("%s %d" % (verb, seed))
NAMES = [b"a", b"b", b"c.txt", b"dir", "ä".encode(), b"z z", b"-x", b"n\xff", b"long" * 50]


def within(*parts):
    return os.path.join(top, b"data", *parts)


def content():
    return numbers.randbytes(numbers.choice([0, 1, 700, 1023, 1024, 5000, 70_000, 300_000]))


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def all_below():
    return sorted(os.path.join(folder, name) for folder, dirs, files in os.walk(within()) for name in dirs + files)


def pick(*kinds):
    """One that is there, of one of these kinds; None where there is none."""
    found = [each for each in all_below() if not kinds or stat.S_IFMT(os.lstat(each).st_mode) in kinds]
    return numbers.choice(found) if found else None


def new_path():
    folder = numbers.choice([within()] + [each for each in all_below() if os.path.isdir(each) and not os.path.islink(each)])
    path = os.path.join(folder, numbers.choice(NAMES) + b"%d" % numbers.randrange(30))
    return None if os.path.lexists(path) else path


def add(path):
    kind = numbers.randrange(12)
    if kind < 6:
        write(path, content())
    elif kind < 8:
        os.mkdir(path)
    elif kind == 8:
        os.symlink(numbers.choice([b"a", b"/etc/passwd", b"../n\xff", b"x" * 200]), path)
    elif kind == 9:
        os.mkfifo(path)
    elif kind == 10:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(numbers.randrange(9), numbers.randrange(300)))
    else:
        sparse(path)


def sparse(path):
    with open(path, "wb") as file:
        file.truncate(numbers.randrange(1, 40) << 16)
        file.seek(numbers.randrange(1 << 16))
        file.write(b"here")


def append(path):
    with open(path, "ab") as file:
        file.write(b"more")


def poke(path):
    """One byte, the length as it was."""
    size = os.path.getsize(path)
    if size == 0:
        return
    at = numbers.randrange(size)
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        subprocess.run(["rm", "-rf", "--", path], check=True)
    else:
        os.unlink(path)


def move(path):
    to = new_path()
    if to and not to.startswith(path + b"/"):
        os.rename(path, to)


def link(path):
    to = new_path()
    if to:
        os.link(path, to)


def attribute(path):
    name = numbers.choice([b"user.one", b"user.two", b"trusted.three", b"security.four"])
    if name in [os.fsencode(each) for each in os.listxattr(path, follow_symlinks=False)] and numbers.random() < 0.5:
        os.removexattr(path, name)
    else:
        os.setxattr(path, name, numbers.randbytes(numbers.randrange(300)))


def retype(path):
    remove(path)
    add(path)


def touch(path):
    os.utime(path, (1, numbers.randrange(1 << 30)), follow_symlinks=False)


def times_kept(path):
    """Other bytes, the same length and the same time: what a look at times alone would miss."""
    found = os.stat(path)
    poke(path)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


FILE, DIRECTORY = stat.S_IFREG, stat.S_IFDIR
STEPS = [
    (append, (FILE,)),
    (poke, (FILE,)),
    (times_kept, (FILE,)),
    (remove, ()),
    (move, ()),
    (move, (FILE,)),
    (link, (FILE,)),
    (lambda path: os.chmod(path, numbers.randrange(0o10000)), (FILE, DIRECTORY)),
    (lambda path: os.chown(path, numbers.randrange(70_000), numbers.randrange(70_000), follow_symlinks=False), ()),
    (attribute, (FILE, DIRECTORY)),
    (retype, (FILE, stat.S_IFLNK, stat.S_IFIFO)),
    (touch, ()),
]

def run(*command):
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode(errors="replace"))


def text(path, content):
    os.makedirs(os.path.dirname(os.path.join(top, path)), exist_ok=True)
    write(os.path.join(top, path), content)


def make_system():
    for folder in (b"usr/bin", b"var/lib/rpm", b"var/lib/dpkg/info", b"var/lib/dpkg/updates", b"tmp", b"home"):
        os.makedirs(os.path.join(top, folder))
    text(b"etc/os-release", b"ID=%s\nVERSION_ID=1\n" % (b"debian" if is_debian else b"fedora"))
    text(b"etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    text(b"etc/group", b"root:x:0:\n")
    text(b"etc/login.defs", b"USERGROUPS_ENAB yes\n")
    for path in (b"etc/shadow", b"etc/gshadow", b"var/lib/dpkg/status"):
        text(path, b"")


def files_of(end):
    return sorted(os.path.join(packages, each) for each in os.listdir(packages) if each.endswith(end))


def change_packages(count):
    """Of each package there are an older version and a newer one."""
    found = files_of(b".deb" if is_debian else b".rpm")
    install = [b"dpkg", b"--root=" + top, b"--force-downgrade", b"-i"] if is_debian else [*RPM, b"-U", b"--oldpackage", b"--replacepkgs"]
    chosen = {os.path.basename(each).split(b"_")[0].split(b"-")[0]: each for each in numbers.sample(found, count)}
    run(*install, *chosen.values())


def remove_packages(count):
    if is_debian:
        told = subprocess.run([b"dpkg-query", b"--admindir=" + top + b"/var/lib/dpkg", b"-W", b"-f", b"${Package}\n"], stdout=subprocess.PIPE)
    else:
        told = subprocess.run([*RPM, b"-qa", b"--qf", b"%{NAME}\n"], stdout=subprocess.PIPE)
    for name in numbers.sample(sorted(told.stdout.split()), count):
        run(*([b"dpkg", b"--root=" + top, numbers.choice([b"-r", b"-P"])] if is_debian else [*RPM, b"-e"]), name)


def add_users(first, count):
    for number in range(first, first + count):
        run(b"useradd", b"-R", top, b"-u", b"%d" % (2000 + number), b"user%d" % number)


is_debian = seed % 2 == 0
RPM = [b"rpm", b"--root", top, b"--dbpath", b"/var/lib/rpm"]

if verb == "make":
    os.mkdir(within())
    for _ in range(120):
        path = new_path()
        if path:
            add(path)
    for _ in range(20):
        attribute(pick(FILE, DIRECTORY))
    make_system()
    change_packages(6)
    add_users(0, 4)
else:
    change_packages(numbers.randrange(1, 5))
    remove_packages(2)
    add_users(4, numbers.randrange(3))
    run(b"usermod", b"-R", top, b"-s", b"/bin/other", b"user0")
    run(b"userdel", b"-R", top, b"user1")
    for _ in range(numbers.randrange(5, 40)):
        step, kinds = numbers.choice(STEPS)
        path = pick(*kinds)
        if path:
            step(path)
        path = new_path()
        if path and numbers.random() < 0.3:
            add(path)
