/**
 * Runs in the guest: ClamAV's library over the files of a list, which are told apart by their index alone. The engine is
 * loaded once; a file that brings its reader down ends only a process of its own. Gives "verdicts", a line a file: index,
 * word, signature or message.
 */
export const clamavScript = (mostBytes: number, secondsEach: number): string => `
command -v python3 > /dev/null || { echo python3 >&2; exit 97; }
exec python3 - "$in" "$out" <<'END'
import ctypes, ctypes.util, io, os, signal, sys, tarfile

found = ctypes.util.find_library("clamav")
if found is None:
    sys.stderr.write("clamav\\n")
    sys.exit(97)
lib = ctypes.CDLL(found)
lib.cl_engine_new.restype = ctypes.c_void_p
lib.cl_strerror.restype = ctypes.c_char_p
lib.cl_retver.restype = ctypes.c_char_p

class Options(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("general", "parse", "heuristic", "mail", "dev")]

def sure(code, doing):
    if code != 0:
        sys.exit(f"ClamAV cannot {doing}: {lib.cl_strerror(code).decode()}")

HEURISTICS, EXCEEDS_MAX, STANDARD = 0x4, 0x4, 0x2 | 0x8 | 0x2000
MAX_SCANSIZE, MAX_FILESIZE = 0, 1
sure(lib.cl_init(0), "start")
engine = ctypes.c_void_p(lib.cl_engine_new())
count = ctypes.c_uint(0)
sure(lib.cl_load(b"/run/guestkit/database", engine, ctypes.byref(count), STANDARD), "load the signatures")
for field in (MAX_SCANSIZE, MAX_FILESIZE):
    sure(lib.cl_engine_set_num(engine, field, ctypes.c_longlong(${mostBytes})), "be set up")
sure(lib.cl_engine_compile(engine), "use the signatures")
options = Options(HEURISTICS, 0xFFFFFFFF, EXCEEDS_MAX, 0, 0)

def verdict(path):
    name, scanned = ctypes.c_char_p(), ctypes.c_ulong(0)
    code = lib.cl_scanfile(path, ctypes.byref(name), ctypes.byref(scanned), engine, ctypes.byref(options))
    if code == 0:
        return b"clean"
    if code == 1:
        word = b"skipped" if (name.value or b"").startswith(b"Heuristics.Limits.Exceeded") else b"infected"
        return word + b" " + (name.value or b"unnamed")[:200]
    return b"error " + lib.cl_strerror(code)[:200]

with tarfile.open(sys.argv[1]) as given:
    paths = given.extractfile("list").read().split(b"\\0")[:-1]
todo = list(enumerate(paths))
lines = [b"engine %s %d" % (lib.cl_retver(), count.value)]
while todo:
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        for index, path in todo:
            signal.alarm(${secondsEach})
            os.write(there, b"%d %s\\n" % (index, verdict(b"/run/guestkit/scan/" + path).replace(b"\\n", b" ")))
        os._exit(0)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        for line in pipe:
            if line.endswith(b"\\n"):
                lines.append(line[:-1])
                todo.pop(0)
    _, status = os.waitpid(child, 0)
    if todo:
        late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
        why = b"it took longer than ${secondsEach} s" if late else b"the scanner died of it"
        lines.append(b"%d error %s" % (todo.pop(0)[0], why))
text = b"\\n".join(lines) + b"\\n"
with open(sys.argv[2], "wb") as disk:
    with tarfile.open(fileobj=disk, mode="w|", format=tarfile.USTAR_FORMAT) as result:
        for name, content in (("verdicts", text), ("end", b"")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            result.addfile(entry, io.BytesIO(content))
    disk.flush()
    os.fsync(disk.fileno())
END
`;
