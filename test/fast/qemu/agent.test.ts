import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { type Agent, connectAgent } from "../../../core/qemu/agent/index.ts";
import { onLines, peer } from "../../support/json-peer.ts";
import { fc } from "../../support/property.ts";

type Message = Record<string, unknown>;
const SENTINEL = Buffer.from([0xff]);

function send(socket: Socket, message: unknown): void {
  socket.write(`${JSON.stringify(message)}\n`);
}

/** Answers a sync as qemu-ga does: the byte that flushes is an error of its own, before the answer. */
function answerSync(socket: Socket, message: Message): void {
  send(socket, { error: { class: "GenericError", desc: "JSON parse error, stray '\ufffd'" } });
  socket.write(SENTINEL);
  send(socket, { return: (message.arguments as { id: number }).id });
}

/** An agent that synchronises and then answers as the test says. */
function fakeAgent(answer: (message: Message, socket: Socket) => void): Promise<string> {
  return peer((socket) =>
    onLines(socket, (message) =>
      message.execute === "guest-sync-delimited" ? answerSync(socket, message) : answer(message, socket),
    ),
  );
}

const hostName = (name: string) => ({ return: { "host-name": name } });

describe("an agent that is silent", () => {
  it("is told after the time it had, and so is a channel that is not there", async () => {
    const path = await peer(() => {});
    await expect(connectAgent(path, { timeoutMs: 50 })).rejects.toMatchObject({ code: "E_AGENT_SILENT" });
    await expect(connectAgent("/nonexistent/agent.sock")).rejects.toMatchObject({ code: "E_AGENT_CONNECT" });
    const controller = new AbortController();
    const connecting = connectAgent(path, { signal: controller.signal });
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is heard when it starts late and answers every sync that waited for it, or was lost", async () => {
    for (const lost of [0, 1]) {
      const path = await peer((socket) => {
        const syncs: Message[] = [];
        onLines(socket, (message) => {
          if (message.execute !== "guest-sync-delimited") return send(socket, hostName("guest"));
          // The guest starts with the second sync: it finds both in the channel, or only the newer, and takes its time.
          if (syncs.push(message) !== 2) return;
          for (const sync of syncs.slice(lost, 1)) answerSync(socket, sync);
          socket.pause();
          setTimeout(() => {
            answerSync(socket, message);
            socket.resume();
          }, 50);
        });
      });
      await using agent = await connectAgent(path, { timeoutMs: 20_000 });
      expect(await agent.hostName()).toBe("guest");
    }
  });

  it("has its late answer never taken for the next command's", async () => {
    let hung = true;
    const path = await peer((socket) =>
      onLines(socket, (message) => {
        if (message.execute === "guest-get-host-name") return;
        // It goes on where it hung, and then with what was sent meanwhile.
        if (hung) send(socket, hostName("late"));
        hung = false;
        if (message.execute === "guest-sync-delimited") answerSync(socket, message);
        else send(socket, { return: { id: "debian" } });
      }),
    );
    await using agent = await connectAgent(path);
    hung = true;
    await expect(agent.hostName({ timeoutMs: 20 })).rejects.toMatchObject({ code: "E_AGENT_TIMEOUT" });
    expect(await agent.osInfo()).toEqual({ id: "debian" });
  });

  it("names what was waited for when the channel ends, of those in line as well", async () => {
    const path = await fakeAgent((_, socket) => socket.destroy());
    await using agent = await connectAgent(path);
    const both = [agent.hostName(), agent.osInfo()];
    await expect(both[0]).rejects.toMatchObject({
      code: "E_AGENT_CLOSED",
      message: expect.stringContaining("host-name"),
    });
    await expect(both[1]).rejects.toMatchObject({ code: "E_AGENT_CLOSED" });
  });

  it("keeps nobody in line longer than asked, and the line moves on", async () => {
    const waiting: (() => void)[] = [];
    const path = await fakeAgent((_, socket) => waiting.push(() => send(socket, hostName("slow"))));
    await using agent = await connectAgent(path);
    const slow = agent.hostName();
    const controller = new AbortController();
    const stopped = agent.hostName({ signal: controller.signal });
    const hasty = agent.hostName({ timeoutMs: 20 });
    const patient = agent.hostName();
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    await expect(hasty).rejects.toMatchObject({ code: "E_AGENT_TIMEOUT" });
    waiting.shift()?.();
    expect(await slow).toBe("slow");
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
    expect(await patient).toBe("slow");
  });
});

describe("what an agent says", () => {
  it("is understood however it is split, after garbage of an earlier client", async () => {
    const answers = fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 1, max: 7 }), async (names, step) => {
        const left = [...names];
        const path = await fakeAgent((_, socket) => {
          const bytes = Buffer.from(`${JSON.stringify(hostName(left.shift() ?? ""))}\n`);
          for (let at = 0; at < bytes.length; at += step) socket.write(bytes.subarray(at, at + step));
        });
        await using agent = await connectAgent(path);
        for (const name of names) expect(await agent.hostName()).toBe(name);
      }),
      { numRuns: 20 },
    );
    const path = await peer((socket) => {
      socket.write('{"return": {"host-name": "old"}}\n{"retu');
      onLines(socket, (message) => {
        if (message.execute === "guest-sync-delimited") answerSync(socket, message);
        else send(socket, hostName("new"));
      });
    });
    await using agent = await connectAgent(path);
    expect(await agent.hostName()).toBe("new");
  });

  it("is refused where it is no JSON, and the next command works", async () => {
    let first = true;
    const path = await fakeAgent((_, socket) => {
      if (first) socket.write("\u001b[0m login:\n");
      else send(socket, hostName("guest"));
      first = false;
    });
    await using agent = await connectAgent(path);
    await expect(agent.hostName()).rejects.toMatchObject({ code: "E_AGENT_PROTOCOL" });
    expect(await agent.hostName()).toBe("guest");
  });

  it("is bounded: an answer without end is given up", async () => {
    const path = await fakeAgent(({ execute }, socket) => {
      if (execute === "guest-ping") return send(socket, { return: {} });
      const block = Buffer.alloc(4 << 20, "x");
      socket.write('{"return":"');
      for (let sent = 0; sent < 60 << 20; sent += block.length) socket.write(block);
      socket.write('"}\n');
    });
    await using agent = await connectAgent(path);
    await expect(agent.hostName()).rejects.toMatchObject({ code: "E_AGENT_ANSWER_SIZE" });
    await agent.ping();
  });
});

describe("commands", () => {
  it("shuts down without an answer, unless the agent refuses or has long been gone", async () => {
    for (const outcome of ["quiet", "closed", "refused"]) {
      const path = await fakeAgent((_, socket) => {
        if (outcome === "closed") socket.destroy();
        if (outcome === "refused") send(socket, { error: { class: "CommandNotFound", desc: "it is disabled" } });
      });
      await using agent = await connectAgent(path);
      const asked = agent.shutdown("powerdown");
      if (outcome === "refused") await expect(asked).rejects.toMatchObject({ code: "E_AGENT_COMMAND" });
      else await asked;
    }
    let alive = true;
    const path = await peer((socket) => onLines(socket, (message) => alive && answerSync(socket, message)));
    await using agent = await connectAgent(path);
    alive = false;
    await expect(agent.shutdown("powerdown", { timeoutMs: 50 })).rejects.toMatchObject({ code: "E_AGENT_SILENT" });
  });

  it("thaws whatever became of the work, and of freezing", async () => {
    const seen: string[] = [];
    let refuse = false;
    const path = await fakeAgent(({ execute }, socket) => {
      seen.push(String(execute).replace("guest-fsfreeze-", ""));
      const fails = refuse && execute === "guest-fsfreeze-freeze";
      send(socket, fails ? { error: { class: "GenericError", desc: "cannot" } } : { return: 2 });
    });
    await using agent = await connectAgent(path);
    expect(await agent.whileFrozen(async () => seen.push("work"))).toBe(2);
    await expect(agent.whileFrozen(() => Promise.reject(new Error("full")))).rejects.toThrow("full");
    refuse = true;
    await expect(agent.whileFrozen(async () => {})).rejects.toMatchObject({ code: "E_AGENT_COMMAND" });
    expect(seen).toEqual(["freeze", "work", "thaw", "freeze", "thaw", "freeze", "thaw"]);
  });
});

describe("what a guest's agent answers", () => {
  /** What comes of asking an agent that answers every command with `answer`. */
  const ask = async (answer: unknown, question: (agent: Agent) => Promise<unknown>) => {
    await using agent = await connectAgent(await fakeAgent((_, socket) => send(socket, { return: answer })));
    return await question(agent).then(
      () => "taken",
      (error: { code?: string }) => error.code,
    );
  };
  const odd = ["text", 7, null, [], [[]], [null], { "host-name": 7 }, { "host-name": "x".repeat(5000) }, { pid: "1" }];
  const address = { "ip-address": "not one", "ip-address-type": "ipv4", prefix: 8 };

  it.each([
    ["a host name", (agent: Agent) => agent.hostName(), odd],
    [
      "interfaces",
      (agent: Agent) => agent.interfaces(),
      ["x", {}, [1], [{ name: 3 }], [{ name: "e", "ip-addresses": [address] }]],
    ],
    ["its system", (agent: Agent) => agent.osInfo(), ["x", 1, null, { id: {} }]],
    ["its commands", (agent: Agent) => agent.info(), [{ version: "1" }, { version: "1", supported_commands: {} }]],
    ["a process", (agent: Agent) => agent.exec({ path: "/bin/true" }), odd],
  ] as const)("is refused by name where it is no answer: %s", async (_, question, answers) => {
    for (const answer of answers) expect(await ask(answer, question), JSON.stringify(answer)).toBe("E_AGENT_ANSWER");
  });

  it("may be long for an output alone", async () => {
    const long = { "host-name": "x".repeat(2 << 20) };
    expect(await ask(long, (agent) => agent.hostName())).toBe("E_AGENT_ANSWER_SIZE");
  });
});
