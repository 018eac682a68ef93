import { afterAll, expect, it } from "vitest";
import { GUESTKIT_PROGRAM } from "../../support/cli.ts";
import { MachineHost } from "../../support/machine-host.ts";
import { run } from "../../support/run.ts";

const host = await MachineHost.open();
afterAll(() => host[Symbol.asyncDispose]());

/** Runs a program on a terminal of its own until it has drawn, leaves it, and tells what became of the terminal. */
const ON_TERMINAL = `
import json, os, pty, select, signal, subprocess, sys, termios, time
how, program = sys.argv[1], sys.argv[2:]
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
child = subprocess.Popen(program, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
text, raw, end = b"", None, time.monotonic() + 30
def drain(seconds):
    global text
    while select.select([master], [], [], seconds)[0]:
        text += os.read(master, 65536)
        seconds = 0
while b"No machine runs." not in text and time.monotonic() < end and child.poll() is None:
    drain(0.2)
raw = termios.tcgetattr(slave) != before
if how.startswith("SIG"):
    child.send_signal(getattr(signal, how))
else:
    os.write(master, bytes.fromhex(how))
while child.poll() is None and time.monotonic() < end:
    drain(0.1)
if child.poll() is None:
    child.kill()
drain(0.2)
restored = termios.tcgetattr(slave) == before
print(json.dumps({"code": child.wait(), "raw": raw, "restored": restored, "text": text.decode("latin1")}))
`;

interface Seen {
  readonly code: number;
  readonly raw: boolean;
  readonly restored: boolean;
  readonly text: string;
}

it.each([
  ["q", "71", 0],
  ["Ctrl-C", "03", 130],
  ["SIGTERM", "SIGTERM", 130],
  ["SIGHUP", "SIGHUP", 130],
])("gives the terminal back when %s ends it", async (_, how, code) => {
  const settings = Object.entries(host.env).map(([name, value]) => `${name}=${value}`);
  const top = ["env", ...settings, GUESTKIT_PROGRAM, "vm", "top", "--interval", "0.2"];
  const seen = JSON.parse(String(await run("python3", ["-c", ON_TERMINAL, how, ...top]))) as Seen;
  expect(seen).toMatchObject({ code, raw: true, restored: true });
  expect(seen.text.startsWith("\x1b[?1049h\x1b[?25l")).toBe(true);
  expect(seen.text.endsWith("\x1b[?25h\x1b[?1049l")).toBe(true);
});
