# Writes noise over a device, or over the stretches of it that are given as OFFSET:LENGTH in KiB.
import os
import sys

path, *stretches = sys.argv[1:]
device = os.open(path, os.O_RDWR)
size = os.lseek(device, 0, os.SEEK_END)
pairs = [tuple(int(each) << 10 for each in pair.split(":")) for pair in stretches] or [(0, size)]
for offset, length in pairs:
    end = offset + length
    while offset < end:
        piece = os.urandom(min(1 << 20, end - offset))
        os.pwrite(device, piece, offset)
        offset += len(piece)
os.fsync(device)
os.close(device)
