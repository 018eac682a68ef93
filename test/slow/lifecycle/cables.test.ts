/** Every kind of cable between machines; the default run has the one that is declared, in tools/lifecycle/private-link. */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { linkAddresses, linkSockets } from "../../../core/machine/links.ts";
import { machineOf, networkOf, type StartedMachine } from "../../support/machine.ts";
import { ordinaryUser } from "../../support/ordinary-user.ts";
import { booted, context, inGuest, root } from "../../tools/lifecycle/networked.ts";

/** Gives a card an address. */
const address = (machine: StartedMachine, network: string, own: string) =>
  inGuest(
    machine,
    `for path in /sys/class/net/*; do
       [ "$(cat $path/address)" = ${machine.launch.macs[network]} ] || continue
       ip addr add ${own} dev \${path##*/} && ip link set \${path##*/} up && exit 0
     done; exit 1`,
  );

/** Whether the first answers reach: a peer that has just come up may miss some. */
const ping = async (from: StartedMachine, to: string, times = 10) =>
  (await inGuest(from, `for i in $(seq ${times}); do ping -c 1 -W 1 ${to.split("/")[0]} && exit 0; done; exit 1`)) ===
  0;

describe("cables between machines", () => {
  const own = (machine: string, key: string, peer: string) =>
    linkAddresses(machineOf({ name: machine, networks: { [key]: networkOf("link", { peer }) } }), key).own;

  it("carry, whoever starts first, dies and comes back; nobody else gets in", async () => {
    const path = join(root, "cable.sock");
    // Another run on this host is in another group.
    const group = `230.0.0.1:${10_000 + (process.pid % 20_000)}`;
    const ends = (peer: string, listen: boolean) => ({
      ...{ link: networkOf("link", { peer }), group: networkOf("socket", { group }) },
      cable: networkOf("stream", { path, listen }),
    });
    await using web = await booted("web", ends("db", true));
    expect(await address(web, "link", own("web", "link", "db"))).toBe(0);
    expect(await ping(web, own("db", "link", "web"), 1)).toBe(false);

    await using db = await booted("db", ends("web", false));
    await using intruder = await booted("intruder", { link: networkOf("link", { peer: "web" }) });
    await address(db, "link", own("db", "link", "web"));
    expect(await ping(web, own("db", "link", "web"))).toBe(true);
    expect(await ping(db, own("web", "link", "db"))).toBe(true);

    for (const [key, net] of [
      ["group", "10.1.1"],
      ["cable", "10.1.2"],
    ] as const) {
      await address(web, key, `${net}.1/24`);
      await address(db, key, `${net}.2/24`);
      expect([key, await ping(web, `${net}.2`)]).toEqual([key, true]);
    }

    // The third one names web, which does not name it: not even with an address of the same subnet does it get there.
    const { own: socket, folder } = linkSockets(
      machineOf({ name: "web", networks: ends("db", true) }),
      "link",
      context.settings,
    );
    const taken = own("db", "link", "web").split(".").slice(0, 3).join(".");
    await address(intruder, "link", `${taken}.250/24`);
    expect(await ping(intruder, own("web", "link", "db"), 2)).toBe(false);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await refuseOthers(socket);

    await db[Symbol.asyncDispose]();
    expect(await ping(web, own("db", "link", "web"), 1)).toBe(false);
    await using again = await booted("db", { link: networkOf("link", { peer: "web" }) });
    await address(again, "link", own("db", "link", "web"));
    expect(await ping(web, own("db", "link", "web"))).toBe(true);
  }, 900_000);

  async function refuseOthers(socket: string): Promise<void> {
    if (process.getuid?.() !== 0) return;
    await using user = await ordinaryUser();
    const send = `
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      try: s.sendto(b"x" * 60, sys.argv[1])
      except PermissionError: sys.exit(42)`.replace(/^ {6}/gm, "");
    const refused = promisify(execFile)("python3", ["-c", send, socket], { uid: user.uid, gid: user.gid, cwd: "/" });
    await expect(refused).rejects.toMatchObject({ code: 42 });
  }
});
