"""Prints the SHA-256 of what a reader sees of an image: READER TOP PARENT..."""
import hashlib
import sys
from pathlib import Path


class Held:
    """Keeps parents alive as long as their child."""

    def __init__(self, path, *parents):
        import pyvhdi

        self.parent = Held(*parents) if parents else None
        self.file = pyvhdi.file()
        self.file.open(path)
        if self.parent:
            self.file.set_parent(self.parent.file)


def opened(reader, paths):
    if reader == "libvhdi":
        held = Held(*paths)
        opened.held = held
        return held.file
    if reader == "dissect-vhdx":
        from dissect.hypervisor.disk.vhdx import VHDX

        return VHDX(Path(paths[0]))
    from dissect.hypervisor.disk.vdi import VDI

    stream = None
    for path in reversed(paths):
        stream = VDI(open(path, "rb"), stream).open()
    return stream


stream = opened(sys.argv[1], sys.argv[2:])
digest = hashlib.sha256()
while piece := stream.read(1 << 20):
    digest.update(piece)
print(digest.hexdigest())
