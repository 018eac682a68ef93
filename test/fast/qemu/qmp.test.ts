import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { connectQmp, runJob } from "../../../core/qemu/qmp/index.ts";
import { onLines, peer } from "../../support/json-peer.ts";

const GREETING = '{"QMP":{"version":{"qemu":{"major":7,"minor":2,"micro":0},"package":""},"capabilities":[]}}\r\n';
type Answer = (message: Record<string, unknown>, socket: Socket) => void;

/** Greets and negotiates as QEMU does, then answers as the test says. */
function fakeQemu(answer: Answer): Promise<string> {
  return peer((socket) => {
    socket.write(GREETING);
    onLines(socket, (message) => {
      if (message.execute === "qmp_capabilities") send(socket, { return: {}, id: message.id });
      else answer(message, socket);
    });
  });
}

function send(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\r\n`);
}

const event = (name: string, data = {}) => ({ event: name, data, timestamp: { seconds: 1, microseconds: 500_000 } });

describe("faults of the monitor", () => {
  it("says so when nothing listens, and when somebody else is being served", async () => {
    await expect(connectQmp("/nonexistent/qmp.sock")).rejects.toMatchObject({ code: "E_QMP_CONNECT" });
    const silent = await peer(() => {});
    await expect(connectQmp(silent, { timeoutMs: 50 })).rejects.toMatchObject({ code: "E_QMP_BUSY" });
  });

  it("is greeted as soon as the other one has gone", async () => {
    const path = await peer((socket) => {
      onLines(socket, ({ id }) => send(socket, { return: {}, id }));
      setTimeout(() => socket.write(GREETING), 100);
    });
    await using qmp = await connectQmp(path, { timeoutMs: 10_000 });
    expect(qmp.version.qemu.major).toBe(7);
  });

  it("ends with the reason of its signal", async () => {
    const silent = await peer(() => {});
    const controller = new AbortController();
    const connecting = connectQmp(silent, { signal: controller.signal });
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ name: "AbortError" });
  });

  it("names what was waited for when QEMU dies, of every wait", async () => {
    const path = await fakeQemu((_, socket) => socket.destroy());
    await using qmp = await connectQmp(path);
    const event = qmp.waitForEvent("STOP");
    const events = qmp.events();
    await expect(qmp.execute("query-status")).rejects.toMatchObject({
      code: "E_QMP_CLOSED",
      message: expect.stringContaining("query-status"),
    });
    await expect(event).rejects.toMatchObject({ code: "E_QMP_CLOSED", message: expect.stringContaining("STOP") });
    expect(await events.next()).toMatchObject({ done: true });
    await qmp.closed;
    await expect(qmp.execute("stop")).rejects.toMatchObject({ code: "E_QMP_CLOSED" });
    await expect(qmp.waitForEvent("STOP")).rejects.toMatchObject({ code: "E_QMP_CLOSED" });
  });

  it("takes a QEMU that ends before it has answered quit as gone", async () => {
    const path = await fakeQemu((_, socket) => socket.destroy());
    await using qmp = await connectQmp(path);
    expect(await qmp.execute("quit")).toEqual({});
  });

  it("keeps a late answer from being taken for another command's", async () => {
    const path = await fakeQemu((message, socket) => {
      if (message.execute === "query-name")
        return void setTimeout(() => send(socket, { return: { name: "late" }, id: message.id }), 60);
      setTimeout(() => send(socket, { return: { running: true, status: "running" }, id: message.id }), 90);
    });
    await using qmp = await connectQmp(path);
    await expect(qmp.execute("query-name", {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: "E_QMP_TIMEOUT" });
    expect(await qmp.execute("query-status")).toEqual({ running: true, status: "running" });
  });

  it("tells a refusal with its class and words", async () => {
    const path = await fakeQemu(({ id }, socket) =>
      send(socket, { error: { class: "DeviceNotFound", desc: "Device 'x' not found" }, id }),
    );
    await using qmp = await connectQmp(path);
    await expect(qmp.execute("device_del", { id: "x" })).rejects.toMatchObject({
      code: "E_QMP_COMMAND",
      errorClass: "DeviceNotFound",
      description: "Device 'x' not found",
    });
  });

  it("refuses garbage, and what is no monitor", async () => {
    for (const text of ["SSH-2.0-OpenSSH\r\n", '{"hello":1}\n']) {
      const path = await peer((socket) => socket.write(text));
      await expect(connectQmp(path)).rejects.toMatchObject({ code: "E_QMP_PROTOCOL" });
    }
    const path = await fakeQemu((_, socket) => socket.write("{]\n"));
    await using qmp = await connectQmp(path);
    await expect(qmp.execute("stop")).rejects.toMatchObject({ code: "E_QMP_PROTOCOL" });
  });
});

describe("events", () => {
  it("come before, between and after answers, in one packet or byte by byte", async () => {
    const path = await fakeQemu(({ id }, socket) => {
      const text = [event("STOP"), event("BALLOON_CHANGE", { actual: 5 }), { return: {}, id }, event("RESUME")];
      const bytes = Buffer.from(text.map((each) => `${JSON.stringify(each)}\r\n`).join(""));
      for (const byte of bytes) socket.write(Buffer.from([byte]));
    });
    await using qmp = await connectQmp(path);
    const seen: string[] = [];
    const stop = qmp.onEvent(({ name }) => seen.push(name));
    const resumed = qmp.waitForEvent("RESUME");
    const balloon = qmp.waitForEvent("BALLOON_CHANGE", { where: ({ actual }) => actual === 5 });
    await qmp.execute("cont");
    expect(await balloon).toEqual({ name: "BALLOON_CHANGE", data: { actual: 5 }, time: 1.5 });
    await resumed;
    expect(seen).toEqual(["STOP", "BALLOON_CHANGE", "RESUME"]);
    stop();
    await expect(qmp.waitForEvent("STOP", { timeoutMs: 20 })).rejects.toMatchObject({ code: "E_QMP_TIMEOUT" });
    expect(seen).toHaveLength(3);
  });

  it("are iterated until one has enough", async () => {
    const path = await fakeQemu(({ id }, socket) => {
      for (let actual = 0; actual < 5; actual++) send(socket, event("BALLOON_CHANGE", { actual }));
      send(socket, { return: {}, id });
    });
    await using qmp = await connectQmp(path);
    const events = qmp.events();
    await qmp.execute("cont");
    const seen: unknown[] = [];
    for await (const { data } of events) if (seen.push(data) === 3) break;
    expect(seen).toEqual([{ actual: 0 }, { actual: 1 }, { actual: 2 }]);
  });
});

describe("jobs", () => {
  /** A job that fails, or never ends until it is cancelled. */
  function jobs(outcome: "fail" | "hang") {
    const seen: string[] = [];
    let job: Record<string, unknown> | undefined;
    const path = fakeQemu((message, socket) => {
      const { execute, id } = message;
      const given = message.arguments as Record<string, unknown> | undefined;
      seen.push(String(execute));
      if (execute === "query-jobs") return send(socket, { return: job ? [job] : [], id });
      if (execute === "snapshot-delete") job = { id: given?.["job-id"], status: "running" };
      if (execute === "job-dismiss") job = undefined;
      send(socket, { return: {}, id });
      const ends = (execute === "snapshot-delete" && outcome === "fail") || execute === "job-cancel";
      if (ends && job) {
        Object.assign(job, { status: "concluded", error: "No such snapshot" });
        send(socket, event("JOB_STATUS_CHANGE", { id: job.id, status: "concluded" }));
      }
    });
    return { path, seen };
  }

  it("fail with what query-jobs says, and are dismissed", async () => {
    const { path, seen } = jobs("fail");
    await using qmp = await connectQmp(await path);
    await expect(runJob(qmp, "snapshot-delete", { tag: "a", devices: [] })).rejects.toMatchObject({
      code: "E_QMP_JOB",
      message: expect.stringContaining("No such snapshot"),
    });
    expect(seen.at(-1)).toBe("job-dismiss");
  });

  it("are cancelled and dismissed when they take too long or are aborted", async () => {
    for (const abort of [false, true]) {
      const { path, seen } = jobs("hang");
      await using qmp = await connectQmp(await path);
      const signal = abort ? AbortSignal.timeout(50) : new AbortController().signal;
      const running = runJob(
        qmp,
        "snapshot-delete",
        { tag: "a", devices: [] },
        { timeoutMs: abort ? 10_000 : 50, signal },
      );
      await expect(running).rejects.toMatchObject(abort ? { name: "TimeoutError" } : { code: "E_QMP_JOB_TIMEOUT" });
      expect(seen.slice(-3)).toEqual(["job-cancel", "query-jobs", "job-dismiss"]);
    }
  });
});
