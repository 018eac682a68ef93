#!/bin/sh
# QEMU 7.2 takes logical_block_size for usb-storage, shows it as set, and gives the guest a disk with sectors of 512 bytes.
#
# Guess: usb-storage has the block properties of every disk (`-device usb-storage,help` lists logical_block_size), so a guest
# sees sectors of 4096 bytes as it does with virtio-blk and scsi-hd. Seen: QEMU starts without a word, its own object says
# 4096, the scsi-hd that it makes behind says 512, and Linux counts 512. A GPT written for 4096-byte sectors has no
# partitions there. Way around: another bus (`scsi-hd` behind virtio-scsi), or refuse the pair before QEMU is started.
set -eu
QEMU='1:7.2+dfsg-7+deb12u18+b3' BUSYBOX='1:1.35.0-4+deb12u1+b1' KERNEL=6.1.0-57-amd64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
# With every library that it needs, whatever this host has: none is taken to be installed.
apt-get install -qq --yes --download-only --no-install-recommends -o Dir::State::status=/dev/null \
  -o "Dir::Cache::archives=$work/debs" -o APT::Sandbox::User=root "qemu-system-x86=$QEMU" "busybox-static=$BUSYBOX" >/dev/null
(cd debs && apt-get download -qq -o APT::Sandbox::User=root "linux-image-$KERNEL" >/dev/null)
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$(find "$work/root/lib" "$work/root/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
qemu() { LD_LIBRARY_PATH=$libraries root/usr/bin/qemu-system-x86_64 -L root/usr/share/qemu -L root/usr/share/seabios "$@"; }
qemu --version | head -n 1

mkdir -p initrd/bin initrd/dev
cp root/bin/busybox initrd/bin/
modules="crct10dif_common crct10dif_generic crc-t10dif crc64_rocksoft_generic crc64 crc64-rocksoft t10-pi scsi_common
scsi_mod sd_mod usb-common usbcore xhci-hcd xhci-pci usb-storage virtio virtio_ring virtio_pci_modern_dev
virtio_pci_legacy_dev virtio_pci virtio_scsi"
for module in $modules; do
  find root/lib/modules -name "$module.ko*" -exec cp {} initrd/ \;
done
cat >initrd/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for again in 1 2 3 4 5; do for module in /*.ko; do insmod "$module" 2>/dev/null; done; done
for second in $(seq 60); do [ -e /sys/block/sda/queue/logical_block_size ] && break; sleep 1; done
echo "guest: sda has sectors of $(cat /sys/block/sda/queue/logical_block_size) bytes"
poweroff -f
INIT
chmod +x initrd/init
(cd initrd && find . | ../root/bin/busybox cpio -o -H newc 2>/dev/null) >initrd.cpio
truncate -s 16M disk.raw
disk='driver=file,filename=disk.raw,node-name=disk'
sectors='drive=disk,logical_block_size=4096,physical_block_size=4096'

# What QEMU's own objects say, of a machine that never runs.
printf 'info qtree\nquit\n' | qemu -accel tcg -S -nodefaults -nographic -monitor stdio -device qemu-xhci \
  -blockdev "$disk" -device "usb-storage,$sectors" | tr -d '\r' >tree
own=$(sed -n '/dev: usb-storage/,$p' tree | grep -m 1 -o 'logical_block_size = [0-9]*')
behind=$(sed -n '/dev: scsi-hd/,$p' tree | grep -m 1 -o 'logical_block_size = [0-9]*')
echo "usb-storage: $own; the scsi-hd behind it: $behind"

# What Linux counts in, in a boot with each.
boot() {
  qemu -accel tcg -m 512M -nodefaults -nographic -serial stdio -no-reboot -kernel "root/boot/vmlinuz-$KERNEL" \
    -initrd initrd.cpio -append 'console=ttyS0 quiet' -blockdev "$disk" "$@" | tr -d '\r' | grep -o 'guest: .*'
}
usb=$(boot -device qemu-xhci -device "usb-storage,$sectors")
scsi=$(boot -device virtio-scsi-pci -device "scsi-hd,$sectors")
echo "usb-storage, $usb"
echo "scsi-hd, $scsi"
case "$own/$behind/$usb/$scsi" in
*4096/*512/*512\ bytes/*4096\ bytes) ;;
*) echo "this changed" && exit 1 ;;
esac
