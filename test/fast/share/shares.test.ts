import { mkdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { machineFolder, prepareFolder } from "../../../core/machine/folder.ts";
import { type Run, writeRun } from "../../../core/machine/run.ts";
import type { ValueObject } from "../../../core/model/value.ts";
import { CHANNELS } from "../../../core/qemu/channel.ts";
import { userShareAddress } from "../../../core/qemu/options/user-subnet.ts";
import { judge } from "../../../core/resource/virtual-machine/foresee.ts";
import { shareRules } from "../../../core/resource/virtual-machine/share-rules.ts";
import { declaredAttachments, nextAttachment, placeOf } from "../../../core/share/attachment.ts";
import { mountScript } from "../../../core/share/mount.ts";
import { demandOwnWay } from "../../../core/share/nested.ts";
import { channelRules } from "../../../core/share/network.ts";
import { KINDS } from "../../../core/share/table.ts";
import { machineOf, networkOf, shareOf } from "../../support/machine.ts";
import { scratch } from "../../support/scratch.ts";

const web = machineOf({ name: "web", networks: { b: networkOf("user"), a: networkOf("passt"), c: networkOf("user") } });

describe("channels", () => {
  it("are the first user network's alone, at an address that is nobody's", () => {
    const rules = channelRules("b", web, "/run/a, b's");
    expect(rules).toHaveLength(CHANNELS);
    expect(rules[0]).toMatch(/^guestfwd=tcp:10\.0\.2\.254:10000-cmd:\/bin\/sh -c '/);
    expect(rules[7]).toContain(":10007-cmd:");
    // A comma ends a property, a quote a word.
    expect(rules[0]).toContain(String.raw`'/run/a,, b'\''s/channel-0'`);
    expect([channelRules("a", web, "/run"), channelRules("c", web, "/run")]).toEqual([[], []]);
    expect(userShareAddress(["10.1.2.30/24"])).toBe("10.1.2.254");
    expect(userShareAddress(["10.1.2.6/29"])).toBe("10.1.2.5");
  });

  it("are given out in the order of names, and again when they are free", () => {
    const kinds = { c: "sshfs", a: "9p", b: "smb" } as const;
    const shares = Object.fromEntries(Object.entries(kinds).map(([tag, kind]) => [tag, shareOf("/x", { kind })]));
    const attached = declaredAttachments({ ...web, shares });
    expect(attached.map(({ tag, channel }) => [tag, channel])).toEqual([
      ["a", null],
      ["b", 0],
      ["c", 1],
    ]);
    const next = (present: typeof attached) => nextAttachment("d", shareOf("/x", { kind: "nfs" }), false, present);
    expect(next(attached).channel).toBe(2);
    expect(next(attached.slice(2)).channel).toBe(0);
    const many = Array.from({ length: CHANNELS + 1 }, (_, at) => [`s${at}`, shareOf("/x", { kind: "smb" })]);
    const all = { ...web, shares: Object.fromEntries(many) };
    expect(() => declaredAttachments(all)).toThrow(expect.objectContaining({ code: "E_SHARE_CHANNEL" }));
  });
});

describe("a mount in the guest", () => {
  const script = (given: Parameters<typeof shareOf>[1]) =>
    mountScript(
      { tag: "data", share: shareOf("/x", { mount: "/srv/it's", ...given }), channel: 1, declared: true },
      web,
    );

  it("says its options as one word each", () => {
    expect(script({ kind: "sshfs", read_only: true, options: ["noatime"] })).toMatch(
      /exec sshfs -o directport=10001,\S+,ro,noatime 10\.0\.2\.254:\/share '\/srv\/it'\\''s'$/,
    );
    expect(script({ kind: "smb" })).toMatch(
      /exec mount -i -t cifs -o ip=10\.0\.2\.254,port=10001,\S+ \/\/10\.0\.2\.254\/share /,
    );
    expect(() =>
      placeOf({ tag: "x", share: shareOf("/x"), channel: 0, declared: true }, machineOf({ name: "n" })),
    ).toThrow(expect.objectContaining({ code: "E_SHARE_NETWORK" }));
  });
});

describe("a share within a folder that another guest may write to", () => {
  it("is refused where a link lies on its way", async () => {
    const dir = await scratch("nested");
    const at = (name: string) => join(dir, name);
    const settings = { dataDir: at("data"), cacheDir: at("cache"), runtimeDir: at("run"), mirror: null };
    const attachment = (path: string) => ({ tag: "x", share: shareOf(path), channel: null, declared: true });
    await mkdir(at("outer/inner/below"), { recursive: true });
    await mkdir(at("host"));
    await symlink(at("outer"), at("mine"));
    const folder = machineFolder("other", settings);
    await prepareFolder(folder);
    const whole = { format_version: 1, qemu: null, program: "", argv: [], accelerator: "", forwards: [], ready: false };
    await writeRun(folder, { ...whole, attached: [attachment(at("outer"))] } as unknown as Run);
    const demand = (path: string) => demandOwnWay([attachment(at(path))], settings);
    await demand("outer/inner/below");
    // A link of the user's own leads there.
    await demand("mine/inner/below");
    await rename(at("outer/inner"), at("outer/moved"));
    await symlink(at("host"), at("outer/inner"));
    await mkdir(at("host/below"));
    for (const path of ["outer/inner", "outer/inner/below", "mine/inner"]) {
      await expect(demand(path)).rejects.toMatchObject({ code: "E_SHARE_NESTED" });
    }
    await demand("host");
  });
});

describe("rules", () => {
  const codes = (shares: Record<string, object>, networks: object | null = null) =>
    shareRules({ shares, networks } as unknown as ValueObject).map(({ code }) => code);
  const share = (given: Parameters<typeof shareOf>[1]) => shareOf("/x", given);

  it("refuse what a kind cannot", () => {
    expect(codes({ a: share({ kind: "sshfs" }) })).toEqual([]);
    expect(codes({ a: share({ kind: "sshfs" }) }, { lan: networkOf("bridge") })).toEqual(["E_SHARE_NETWORK"]);
    expect(codes({ a: share({ kind: "sshfs" }) }, {})).toEqual(["E_SHARE_NETWORK"]);
    expect(codes({ a: share({ kind: "9p" }) }, {})).toEqual([]);
    for (const { name, maps } of Object.values(KINDS)) {
      expect(codes({ a: share({ kind: name, ownership: "map" }) })).toEqual(maps ? [] : ["E_SHARE_OWNERSHIP"]);
    }
    expect(codes({ a: share({ mount: "/m" }), b: share({ mount: "/m" }) })).toEqual(["E_SHARE_TWICE"]);
  });

  it("refuse a share within another one that the guest may write to", () => {
    const nested = (outer: object, inner = "/x/below") => codes({ a: shareOf("/x", outer), b: shareOf(inner, {}) });
    expect(nested({})).toEqual(["E_SHARE_NESTED"]);
    expect(nested({ read_only: true })).toEqual([]);
    expect(nested({}, "/xy")).toEqual([]);
    expect(nested({}, "/x")).toEqual([]);
  });

  it.each(["a,b", "a\nb", "", "-o", "a b", "ro;id"])("take no option like %j", (option) => {
    expect(codes({ a: share({ options: [option] }) })).toEqual(["E_SHARE_OPTION"]);
  });
});

describe("a change of shares", () => {
  const prior = (kind: string, networks: object | null = null) =>
    ({ shares: { a: shareOf("/x", { kind: kind as "9p" }) }, networks }) as unknown as ValueObject;
  const change = (path: string[], before: unknown, after: unknown) =>
    ({ path, before, after, policy: "restart", sensitive: false }) as Parameters<typeof judge>[0];
  const added = (kind: string) => change(["shares", "b"], null, shareOf("/y", { kind: kind as "9p" }));

  it("is done in place by channels, and by a restart otherwise", () => {
    const live = { policy: "live" };
    expect(judge(added("smb"), prior("9p"))).toEqual(live);
    expect(judge(added("9p"), prior("9p"))).toBeNull();
    expect(judge(added("smb"), prior("9p", { lan: networkOf("passt") }))).toBeNull();
    expect(judge(change(["shares", "a", "read_only"], false, true), prior("sshfs"))).toEqual(live);
    expect(judge(change(["shares", "a", "read_only"], false, true), prior("virtiofs"))).toBeNull();
    expect(judge(change(["shares", "a", "kind"], "sshfs", "smb"), prior("sshfs"))).toEqual(live);
    expect(judge(change(["shares", "a", "kind"], "sshfs", "9p"), prior("sshfs"))).toBeNull();
  });
});
