import type { GuestTree } from "./tree.ts";

/** Names of the two ports by which the host and the appliance speak. */
export const JOB_PORT = "guestkit.job";
export const LIVE_PORT = "guestkit.live";

/**
 * The first program of the appliance, and its only one. It takes jobs one after another: an archive with a script comes
 * in by a port, the script runs, everything that it mounted and opened is let go of, and an archive with what came of it
 * goes back: its exit code, what it said, its files, and `clean` where no disk is held any more.
 */
const INIT = `#!/usr/sbin/sh
export PATH=/usr/sbin:/usr/lib/busybox HOME=/root LC_ALL=C TZ=UTC
# There is no udev: device-mapper and md make their nodes themselves, and wait for nobody.
export DM_DISABLE_UDEV=1 MDADM_NO_UDEV=1
/usr/sbin/busybox --install -s /usr/lib/busybox
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs tmp /tmp
ln -s /proc/self/fd /dev/fd
hostname appliance
ip link set lo up
modprobe -aq ${["virtio_pci", "virtio_console", "virtio_blk", "virtio_rng", "virtio_net", "loop", "dm-mod"].join(" ")}
if [ -e /sys/class/net/eth0 ]; then
  ip address add 10.0.2.15/24 dev eth0 && ip link set eth0 up && ip route add default via 10.0.2.2
  echo nameserver 10.0.2.3 > /etc/resolv.conf
fi

end() {
  echo "appliance: $1" > /dev/console
  sync
  busybox reboot -f
}

port() {
  for each in /sys/class/virtio-ports/*; do
    [ "$(cat "$each/name")" = "$1" ] && echo "/dev/\${each##*/}" && return
  done
  end "no port $1"
}

# By its serial number: the letters of vda, vdb are chance.
disk() {
  for each in /sys/block/vd*; do
    [ "$(cat "$each/serial" 2> /dev/null)" = "$1" ] || continue
    [ -b "/dev/\${each##*/}" ] && ln -sfn "/dev/\${each##*/}" "/disk/$1" && return
  done
  return 1
}

await_disks() {
  rm -rf /disk
  mkdir /disk
  while read -r name; do
    turns=0
    until disk "$name"; do
      turns=$((turns + 1))
      [ $turns -lt 1200 ] || return 1
      sleep 0.05
    done
  done < /job/disks
}

# What the script left running would keep its mounts busy, and its outputs open.
end_processes() {
  for each in /proc/[0-9]*; do
    pid=\${each#/proc/}
    case " 1 $$ $out $err " in *" $pid "*) continue ;; esac
    [ -n "$(readlink "$each/exe")" ] && kill -KILL "$pid" 2> /dev/null
  done
}

unmount() {
  while [ "$(wc -l < /proc/mounts)" -gt "$own" ]; do
    point=$(tail -n 1 /proc/mounts | cut -d ' ' -f 2 | sed 's/%/%%/g')
    umount "$(printf "$point")" || return 1
  done
}

# Fails where a disk is still held.
release() {
  cd /
  swapoff -a
  losetup -D
  unmount || return 1
  if [ -n "$(dmsetup info -c --noheadings -o name 2> /dev/null | grep -v '^No devices')" ]; then
    vgchange -qan > /dev/null 2>&1
    dmsetup remove_all --retry > /dev/null 2>&1
  fi
  [ -e /proc/mdstat ] && mdadm --stop --scan > /dev/null 2>&1
  sync
  for each in /disk/*; do
    [ -e "$each" ] || continue
    device=$(readlink "$each")
    blockdev --flushbufs "$each"
    for held in /sys/block/"\${device##*/}"/holders/* /sys/block/"\${device##*/}"/*/holders/*; do
      [ -e "$held" ] && return 1
    done
  done
  return 0
}

job() {
  cd /job
  mkfifo /run/out /run/err
  tee /sent/stdout < /run/out >&4 &
  out=$!
  tee /sent/stderr < /run/err >&4 &
  err=$!
  sh ./script < /dev/null > /run/out 2> /run/err 3>&- 4>&-
  echo $? > /sent/code
  end_processes
  wait $out $err
  rm -f /run/out /run/err
}

exec 3<> "$(port ${JOB_PORT})" 4> "$(port ${LIVE_PORT})"
mount -t tmpfs job /job
mount -t tmpfs sent /sent
own=$(wc -l < /proc/mounts)
while :; do
  cd /
  rm -rf /job/* /sent/*
  mkdir /sent/files
  (cd /job && cpio -id <&3 > /dev/null 2> /run/cpio) || end "no job: $(cat /run/cpio)"
  if await_disks; then job; else echo 125 > /sent/code; echo "a disk did not come: $(ls /sys/block)" > /sent/stderr; fi
  release > /sent/release 2>&1 && : > /sent/clean
  cd /sent && find . | cpio -o -H newc >&3 2> /dev/null || end "the report does not go out"
done
`;

const FOLDERS = [
  "dev",
  "proc",
  "sys",
  "run",
  "tmp",
  "mnt",
  "root",
  "etc",
  "disk",
  "job",
  "sent",
  "var/lib",
  "var/lock",
];

/** LVM without udev or a daemon: what is asked is done, and nothing is awaited. */
const LVM_CONF = `activation { udev_sync = 0 udev_rules = 0 monitoring = 0 }
devices {
  obtain_device_list_from_udev = 0
  external_device_info_source = "none"
  use_devicesfile = 0
  scan = [ "/dev", "/disk" ]
}
backup { backup_dir = "/run/lvm" archive = 0 }
global { event_activation = 0 use_lvmpolld = 0 notify_dbus = 0 }
`;

/** Puts into the tree what every appliance has beside its programs: folders, the console that init is given, init. */
export function addGuest(tree: GuestTree): void {
  for (const folder of [...FOLDERS, "usr/sbin", "usr/bin", "usr/lib/busybox", "usr/lib64"]) tree.folder(folder);
  for (const name of ["bin", "sbin", "lib", "lib64"]) tree.link(name, `usr/${name}`);
  // Where scripts and the kernel look for them.
  tree.link("usr/bin/sh", "../sbin/sh").link("usr/sbin/modprobe", "busybox");
  tree.device("dev/console", 5, 1);
  tree.text("etc/lvm/lvm.conf", LVM_CONF);
  tree.text("init", INIT, true);
}

/** For the name of what is built of it. */
export const GUEST_TEXT = INIT + LVM_CONF;
