/**
 * Runs in the guest: mat2's own library, each file in a process of its own with a limit of time, so that one that brings
 * its parser down takes no other along. Gives "status" with a line a file (index, word, message), then the clean files.
 */
export const matScript = (lightweight: boolean, secondsEach: number): string => `
command -v python3 > /dev/null || { echo python3 >&2; exit 97; }
python3 -c "import libmat2" 2> /dev/null || { echo mat2 >&2; exit 97; }
exec python3 - "$in" "$out" <<'END'
import io, os, signal, sys, tarfile, tempfile
from libmat2 import parser_factory

def clean(name):
    parser, kind = parser_factory.get_parser(name)
    if parser is None:
        return "unsupported", str(kind or "")
    parser.lightweight_cleaning = ${lightweight ? "True" : "False"}
    if not parser.remove_all():
        return "failed", "its format was not understood"
    return "cleaned", parser.output_filename

def child(name, pipe):
    signal.alarm(${secondsEach})
    try:
        word, message = clean(name)
    except BaseException as error:
        word, message = "failed", f"{type(error).__name__}: {error}"
    os.write(pipe, f"{word} {message}"[:300].encode("utf-8", "replace"))
    os._exit(0)

def told(name):
    here, there = os.pipe()
    pid = os.fork()
    if pid == 0:
        child(name, there)
    os.close(there)
    with os.fdopen(here, "rb") as pipe:
        text = pipe.read().decode("utf-8", "replace").replace("\\n", " ")
    _, status = os.waitpid(pid, 0)
    if text:
        return text.split(" ", 1)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return "failed", "it took longer than ${secondsEach} s"
    return "failed", "the cleaner died of it"

os.chdir(tempfile.mkdtemp(dir="/var/tmp"))
with tarfile.open(sys.argv[1]) as given:
    given.extractall()
names = sorted(os.listdir("."), key=lambda name: int(name.split(".")[0]))
lines, cleaned = [], []
for index, name in enumerate(names):
    word, message = told(name)
    if word == "cleaned":
        cleaned.append((index, message))
        message = ""
    lines.append(f"{index} {word} {message}".strip())
with open(sys.argv[2], "wb") as disk:
    with tarfile.open(fileobj=disk, mode="w|", format=tarfile.USTAR_FORMAT) as result:
        def add(name, source, size):
            entry = tarfile.TarInfo(name)
            entry.size = size
            result.addfile(entry, source)
        status = ("\\n".join(lines) + "\\n").encode("utf-8", "replace")
        add("status", io.BytesIO(status), len(status))
        for index, path in cleaned:
            with open(path, "rb") as source:
                add(str(index), source, os.fstat(source.fileno()).st_size)
        add("end", io.BytesIO(), 0)
    disk.flush()
    os.fsync(disk.fileno())
END
`;
