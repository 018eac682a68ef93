import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect, it, onTestFinished } from "vitest";
import { startTime } from "../../../core/host/owner.ts";

/** Its first thread ends, its second stays: so QEMU is seen for a moment after kill -9, all its files still open. */
const HALF_ENDED = `
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(600,)).start()
print("here", flush=True)
ctypes.CDLL(None).pthread_exit(None)
`;

it("takes a process for ended only when its last thread has", async () => {
  const child = spawn("python3", ["-c", HALF_ENDED], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const pid = child.pid ?? 0;
  await once(child.stdout, "data");
  while (!/^State:\tZ/m.test(await readFile(`/proc/${pid}/status`, "utf8"))) await new Promise(setImmediate);
  expect(startTime(pid)).not.toBeNull();
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(startTime(pid)).toBeNull();
});
