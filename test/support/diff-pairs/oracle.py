"""oracle.py BEFORE AFTER: what diff(1) says of two folders, and their metadata as the kernel tells it, a line of JSON each."""
import hashlib, json, os, re, stat, subprocess, sys

before, after = (os.fsencode(each) for each in sys.argv[1:])
TYPES = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "symlink",
    stat.S_IFIFO: "fifo",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFSOCK: "socket",
}


def below(top):
    found = set()
    for folder, dirs, files in os.walk(top):
        found.update(os.path.join(folder, name)[len(top) :] for name in dirs + files)
    return found


def fields(path):
    found = os.lstat(path)
    kind = TYPES[stat.S_IFMT(found.st_mode)]
    told = {"type": kind, "mode": "%04o" % stat.S_IMODE(found.st_mode), "owner": "%d:%d" % (found.st_uid, found.st_gid)}
    if kind == "symlink":
        told["target"] = os.readlink(path).decode(errors="replace")
    if kind in ("char", "block"):
        told["device"] = "%d:%d" % (os.major(found.st_rdev), os.minor(found.st_rdev))
    for name in os.listxattr(path, follow_symlinks=False):
        told["xattr " + name] = os.getxattr(path, name, follow_symlinks=False).hex()
    return told


def differing_content():
    """Files of which diff(1) says that their bytes differ; it also must find what only one folder has."""
    told = subprocess.run(["diff", "-rq", "--no-dereference", before, after], stdout=subprocess.PIPE, env={"LC_ALL": "C"})
    found, alone = set(), set()
    for line in told.stdout.split(b"\n"):
        one = re.fullmatch(rb"Only in (.*?): (.*)", line)
        if one:
            alone.add(os.path.join(one[1], one[2]))
        two = re.fullmatch(rb"Files (.*) and (.*) differ", line)
        if two:
            found.add(two[1][len(before) :])
    if told.returncode > 1:
        raise SystemExit("diff failed")
    return found, alone


content, alone = differing_content()
old, now = below(before), below(after)


def is_known(path):
    """It, or a folder that it lies in, is what diff(1) found in one alone, or what is a folder in one and not in the other."""
    while path not in (b"", b"/"):
        sides = [each + path for each in (before, after)]
        if any(each in alone for each in sides) or sum(os.path.isdir(each) and not os.path.islink(each) for each in sides) == 1:
            return True
        path = os.path.dirname(path)
    return False


def tell(change, path, pairs, **more):
    print(json.dumps({"change": change, "path": path.hex(), "fields": pairs, **more}))


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


for path in sorted(old | now):
    if path not in old or path not in now:
        if not is_known(path):
            raise SystemExit("diff(1) does not know of %r" % path)
        top = before if path in old else after
        own = fields(top + path)
        is_large = own["type"] == "file" and os.path.getsize(top + path) >= 1024
        tell("removed" if path in old else "added", path, {}, own=own, digest=digest(top + path) if is_large else None)
        continue
    was, now_ = fields(before + path), fields(after + path)
    if was["type"] != now_["type"]:
        tell("modified", path, {"type": [was["type"], now_["type"]]})
        continue
    pairs = {name: [was.get(name), now_.get(name)] for name in {**was, **now_} if was.get(name) != now_.get(name)}
    if path in content and was["type"] == "file":
        pairs["content"] = [os.path.getsize(before + path), os.path.getsize(after + path)]
    if pairs:
        tell("modified", path, pairs)
