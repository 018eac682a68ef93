"""
export.py [PART]: entries in systemd's export format, the same each time: texts of all lengths, bytes, several values, three boots.
Parts follow one another; between the first two the clock was set back.
"""
import random, struct, sys

part = int(sys.argv[1]) if len(sys.argv) > 1 else 0
numbers = random.Random(4 + part)
out = sys.stdout.buffer
boots = ["%032x" % numbers.getrandbits(128) for _ in range(3)]
time = 1700000000000000 + [0, 1_000_000_000, 5_000_000_000][part]


def field(name, value):
    if b"\n" in value or any(byte < 32 for byte in value):
        out.write(name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n")
    else:
        out.write(name.encode() + b"=" + value + b"\n")


for at in range(1500):
    time += numbers.randrange(1, 5_000_000)
    unit = numbers.choice(["ssh.service", "cron.service", "a.service"])
    plain = {
        "__REALTIME_TIMESTAMP": time,
        "__MONOTONIC_TIMESTAMP": at * 1_000_000,
        "_BOOT_ID": boots[at * 3 // 1500],
        "PRIORITY": numbers.randrange(8),
        "_HOSTNAME": "host",
        "_SYSTEMD_UNIT": unit,
        "SYSLOG_IDENTIFIER": unit.split(".")[0],
        "_PID": 1 if at % 37 == 0 else numbers.randrange(2, 9999),
        "_UID": 0,
    }
    for name, value in plain.items():
        field(name, str(value).encode())
    if at % 37 == 0:
        field("UNIT", b"ssh.service")
    text = f"message {at} ü " + ("a b c " * numbers.randrange(3000) if at % 50 == 0 else "")
    field("MESSAGE", (text + ("\nsecond line" if at % 11 == 0 else "")).encode())
    if at % 23 == 0:
        field("BYTES", bytes(numbers.randrange(256) for _ in range(40)))
        field("MANY", b"one")
        field("MANY", b"two")
    out.write(b"\n")
