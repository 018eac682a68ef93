"""Makes the files of tree.json in a mounted file system. Usage: DIR. Paths, names and xattrs are carried in hex."""
import json
import os
import sys

ROOT = os.fsencode(sys.argv[1])
MAKERS = {}


def maker(function):
    MAKERS[function.__name__] = function
    return function


@maker
def directory(path, entry):
    if not os.path.isdir(path):
        os.mkdir(path)


@maker
def file(path, entry):
    with open(path, "wb") as out:
        for offset, content in entry["pieces"]:
            out.seek(offset)
            with open(content, "rb") as piece:
                out.write(piece.read())
        out.truncate(entry["size"])


@maker
def symlink(path, entry):
    os.symlink(bytes.fromhex(entry["target"]), path)


@maker
def fifo(path, entry):
    os.mkfifo(path)


@maker
def char(path, entry):
    os.mknod(path, 0o020000, os.makedev(*entry["device"]))


@maker
def block(path, entry):
    os.mknod(path, 0o060000, os.makedev(*entry["device"]))


def place(entry):
    path = bytes.fromhex(entry["path"])
    return os.path.join(ROOT, path) if path else ROOT


def describe(path, entry):
    os.chown(path, entry["uid"], entry["gid"], follow_symlinks=False)
    if entry["type"] != "symlink":
        os.chmod(path, entry["mode"])
    for name, value in entry["xattrs"].items():
        os.setxattr(path, name, bytes.fromhex(value), follow_symlinks=False)
    os.utime(path, ns=(int(entry["mtime"]), int(entry["mtime"])), follow_symlinks=False)


with open("tree.json") as text:
    entries = json.load(text)
for entry in entries:
    if "linkTo" in entry:
        os.link(os.path.join(ROOT, bytes.fromhex(entry["linkTo"])), place(entry))
    else:
        MAKERS[entry["type"]](place(entry), entry)
# Whatever is made in a directory changes its time, so that directories come last.
for entry in reversed(entries):
    describe(place(entry), entry)
