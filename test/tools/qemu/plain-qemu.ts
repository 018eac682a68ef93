import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { run } from "../../support/tool.ts";

const TAIL = 4000;
const POLL_MS = 100;

/** A machine run by QEMU itself, without any of guestkit's code: what is known to boot, the code is held against. */
export interface PlainQemu extends AsyncDisposable {
  /** Waits until the guest agent answers. */
  agent(timeoutMs: number): Promise<void>;
  /** Runs a command as root over SSH, once the server answers; its stdout. */
  ssh(command: string, timeoutMs: number): Promise<string>;
  /** Copies a file to the guest with scp. */
  copy(from: string, to: string): Promise<void>;
  /** Presses the power button and gives QEMU's exit code. */
  powerOff(timeoutMs: number): Promise<number | null>;
}

/** Starts QEMU, emulated, with a guest-agent channel, a network and a serial log; `args` are the rest. */
export async function plainQemu(args: readonly string[], sshKey: string): Promise<PlainQemu> {
  const dir = await mkdtemp(join(tmpdir(), "guestkit-qemu-"));
  const port = await freePort();
  const child = spawn("qemu-system-x86_64", [...machineArgs(dir, port), ...args], { stdio: "ignore" });
  const check = async (what: string, timeoutMs: number, attempt: () => Promise<boolean>) => {
    const end = performance.now() + timeoutMs;
    while (!(await attempt())) {
      const why = child.exitCode !== null ? `QEMU ended with ${child.exitCode}` : `no ${what} in ${timeoutMs} ms`;
      if (child.exitCode !== null || performance.now() > end)
        throw new Error(`${why}; the console's tail:\n${await tail(dir)}`);
      await setTimeout(POLL_MS);
    }
  };
  const options = sshOptions(sshKey);
  return {
    agent: (timeoutMs) =>
      check("guest agent", timeoutMs, () => answers(join(dir, "agent"), '{"execute":"guest-ping"}\n')),
    async ssh(command, timeoutMs) {
      await check("SSH server", timeoutMs, () => answers(port, ""));
      return run("ssh", [...options, "-p", String(port), "root@127.0.0.1", command]);
    },
    async copy(from, to) {
      await run("scp", [...options, "-P", String(port), from, `root@127.0.0.1:${to}`]);
    },
    async powerOff(timeoutMs) {
      await tell(join(dir, "qmp"), ["qmp_capabilities", "system_powerdown"]);
      await check("power off", timeoutMs, async () => child.exitCode !== null);
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function machineArgs(dir: string, port: number): string[] {
  return [
    ...["-nodefaults", "-no-user-config", "-machine", "q35,accel=tcg", "-cpu", "max", "-smp", "2", "-m", "512"],
    ...["-display", "none", "-serial", `file:${join(dir, "console")}`],
    ...["-qmp", `unix:${join(dir, "qmp")},server=on,wait=off`],
    ...["-device", "virtio-serial-pci", "-chardev", `socket,id=agent,path=${join(dir, "agent")},server=on,wait=off`],
    ...["-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"],
    ...["-netdev", `user,id=net,hostfwd=tcp:127.0.0.1:${port}-:22`, "-device", "virtio-net-pci,netdev=net"],
    ...["-device", "virtio-rng-pci"],
  ];
}

function sshOptions(key: string): string[] {
  const options = ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"];
  return ["-F", "none", "-i", key, ...options.flatMap((each) => ["-o", each])];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

/** Whether anything comes back from a socket within a second. */
async function answers(place: string | number, request: string): Promise<boolean> {
  const socket = typeof place === "number" ? connect(place, "127.0.0.1") : connect(place);
  const heard = new Promise<boolean>((resolve) => {
    socket.once("data", () => resolve(true));
    socket.once("close", () => resolve(false));
    socket.once("error", () => resolve(false));
  });
  socket.write(request);
  const late = new AbortController();
  try {
    return await Promise.race([heard, setTimeout(1000, false, { signal: late.signal })]);
  } finally {
    late.abort();
    socket.destroy();
  }
}

async function tell(path: string, commands: readonly string[]): Promise<void> {
  const socket = connect(path);
  await once(socket, "data");
  for (const execute of commands) {
    socket.write(`${JSON.stringify({ execute })}\n`);
    await once(socket, "data");
  }
  socket.destroy();
}

async function tail(dir: string): Promise<string> {
  return (await readFile(join(dir, "console"), "latin1").catch(() => "")).slice(-TAIL);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
