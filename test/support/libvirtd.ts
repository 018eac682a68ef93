import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { isThere } from "../../core/host/is-there.ts";
import { atEnd } from "./at-end.ts";
import { fixture } from "./fixture.ts";
import { unpackPackages } from "./guest-parts/packages.ts";
import { holds } from "./proof.ts";
import { scratch } from "./scratch.ts";

/** libvirt's daemon, its drivers of QEMU and of storage, and libraries that nothing else here needs. */
const PACKAGES = [
  ...["libvirt-daemon", "libvirt-daemon-driver-qemu", "libvirt0"],
  ...["libparted2", "libpcap0.8", "libssh-4", "libyajl2"],
];
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** The socket of a libvirtd of the test's own, as a user and out of unpacked packages; ended after the file's tests. */
export async function startLibvirtd(): Promise<string> {
  const root = join(
    await fixture("libvirtd", PACKAGES, (dir) => unpackPackages(PACKAGES, join(dir, "root")), prove),
    "root",
  );
  const home = await scratch("libvirtd");
  const run = join(home, "run");
  await mkdir(run, { mode: 0o700 });
  const at = (name: string) => join(root, LIBRARIES, "libvirt", name);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    XDG_RUNTIME_DIR: run,
    LD_LIBRARY_PATH: join(root, LIBRARIES),
    LIBVIRT_DRIVER_DIR: at("connection-driver"),
    LIBVIRT_STORAGE_BACKEND_DIR: at("storage-backend"),
    LIBVIRT_STORAGE_FILE_DIR: at("storage-file"),
    LIBVIRT_LOCK_MANAGER_PLUGIN_DIR: at("lock-driver"),
  };
  // For root it would be the host's.
  const asUser = ["--user", "--map-user=1000", "--map-group=1000"];
  const daemon = spawn("unshare", [...asUser, join(root, "usr/sbin/libvirtd")], { env, stdio: "ignore" });
  const ended = once(daemon, "exit");
  atEnd(async () => {
    daemon.kill();
    await ended;
  });
  const socket = join(run, "libvirt/libvirt-sock");
  await expect.poll(() => isThere(socket)).toBe(true);
  return socket;
}

const prove = (dir: string) =>
  holds(dir, ["root/usr/sbin/libvirtd", `root/${LIBRARIES}/libvirt/storage-backend/libvirt_storage_backend_fs.so`]);
