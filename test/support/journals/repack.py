"""repack.py JOURNAL WAY: a journal whose long fields are packed the way that older systemd did it (lz4, xz), in place."""
import ctypes, lzma, struct, sys

path, way = sys.argv[1:]
FLAGS = {"xz": 1, "lz4": 2}
DATA, ENTRY_OBJECT = 1, 3
liblz4 = ctypes.CDLL("liblz4.so.1")


def lz4(payload):
    """The size before the block, as systemd's compress_blob_lz4 has it."""
    out = ctypes.create_string_buffer(liblz4.LZ4_compressBound(len(payload)))
    size = liblz4.LZ4_compress_default(payload, out, len(payload), len(out))
    return struct.pack("<Q", len(payload)) + out.raw[:size]


def xz(payload):
    return lzma.compress(payload, check=lzma.CHECK_NONE)


with open(path, "r+b") as file:
    journal = bytearray(file.read())
compact = struct.unpack_from("<I", journal, 12)[0] & 16
header_size, arena_size = struct.unpack_from("<QQ", journal, 88)
at, packed = header_size, 0
while at + 16 <= min(len(journal), header_size + arena_size):
    kind, flags, size = journal[at], journal[at + 1], struct.unpack_from("<Q", journal, at + 8)[0]
    if size < 16:
        break
    start = at + (72 if compact else 64)
    payload = bytes(journal[start : at + size])
    if kind == DATA and flags == 0 and len(payload) > 512:
        made = {"lz4": lz4, "xz": xz}[way](payload)
        if len(made) < len(payload):
            journal[start : start + len(made)] = made
            journal[at + 1] = FLAGS[way]
            struct.pack_into("<Q", journal, at + 8, start - at + len(made))
            packed += 1
    at += (size + 7) & ~7
if packed == 0:
    raise SystemExit("nothing was packed")
struct.pack_into("<I", journal, 12, struct.unpack_from("<I", journal, 12)[0] | FLAGS[way])
with open(path, "wb") as file:
    file.write(journal)
