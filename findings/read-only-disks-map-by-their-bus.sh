#!/bin/sh
# Linux 6.1 maps a writable device over a read-only virtio disk, and refuses the same over a read-only SCSI disk.
#
# Guess: whether device-mapper takes a read-only disk for a table that does not say read-only is device-mapper's matter, so
# both buses answer alike. Seen: both disks are read-only (/sys/block/*/ro is 1). Over virtio-blk the table loads, and the
# mapping says that it can be written (its ro is 0); over scsi-hd it is refused (Read-only file system), since the SCSI disk
# driver looks at each open for writing and virtio's does not. So `vgchange -ay` over a read-only disk, which asks for writable volumes,
# makes a guest's volumes readable on the one bus and not on the other. Way around: virtio-blk, or read-only mappings
# (`dmsetup create --readonly`, `lvchange -pr`, read_only_volume_list in lvm.conf).
set -eu
QEMU='1:7.2+dfsg-7+deb12u18+b3' BUSYBOX='1:1.35.0-4+deb12u1+b1' DMSETUP='2:1.02.185-2' KERNEL=6.1.0-57-amd64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p debs/partial root
# With every library that it needs, whatever this host has: none is taken to be installed.
apt-get install -qq --yes --download-only --no-install-recommends -o Dir::State::status=/dev/null \
  -o "Dir::Cache::archives=$work/debs" -o APT::Sandbox::User=root \
  "qemu-system-x86=$QEMU" "busybox-static=$BUSYBOX" "dmsetup=$DMSETUP" >/dev/null
(cd debs && apt-get download -qq -o APT::Sandbox::User=root "linux-image-$KERNEL" >/dev/null)
for package in debs/*.deb; do dpkg-deb -x "$package" root; done
libraries=$(find "$work/root/lib" "$work/root/usr/lib" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
qemu() { LD_LIBRARY_PATH=$libraries root/usr/bin/qemu-system-x86_64 -L root/usr/share/qemu -L root/usr/share/seabios "$@"; }
qemu --version | head -n 1

mkdir -p initrd/bin initrd/dev initrd/lib64 initrd/lib
cp root/bin/busybox root/sbin/dmsetup initrd/bin/
cp -L root/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 initrd/lib64/
for library in libdevmapper.so.1.02.1 libselinux.so.1 libudev.so.1 libpcre2-8.so.0 libm.so.6 libc.so.6; do
  cp -L "$(find root -name "$library" | head -n 1)" initrd/lib/
done
modules="crct10dif_common crct10dif_generic crc-t10dif crc64_rocksoft_generic crc64 crc64-rocksoft t10-pi scsi_common
scsi_mod sd_mod virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_scsi dax dm-mod"
for module in $modules; do
  find root/lib/modules -name "$module.ko*" -exec cp {} initrd/ \;
done
cat >initrd/init <<'INIT'
#!/bin/busybox sh
export LD_LIBRARY_PATH=/lib DM_DISABLE_UDEV=1
/bin/busybox --install -s /bin
mkdir -p /proc /sys /run; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for again in 1 2 3 4 5; do for module in /*.ko; do insmod "$module" 2>/dev/null; done; done
for second in $(seq 60); do [ -e /dev/vda ] || [ -e /dev/sda ] && break; sleep 1; done
for disk in vda sda; do
  [ -e /dev/$disk ] || continue
  ro=$(cat /sys/block/$disk/ro)
  if said=$(echo "0 2048 linear /dev/$disk 0" | dmsetup create mapped 2>&1); then said="mapped, ro $(cat /sys/block/dm-0/ro)"; fi
  echo "guest: $disk has ro $ro: $(echo $said)"
done
poweroff -f
INIT
chmod +x initrd/init
(cd initrd && find . | ../root/bin/busybox cpio -o -H newc 2>/dev/null) >initrd.cpio
truncate -s 16M disk.raw
disk='driver=raw,node-name=disk,read-only=on,file.driver=file,file.filename=disk.raw'

boot() {
  qemu -accel tcg -m 512M -nodefaults -nographic -serial stdio -no-reboot -kernel "root/boot/vmlinuz-$KERNEL" \
    -initrd initrd.cpio -append 'console=ttyS0 quiet' -blockdev "$disk" "$@" | tr -d '\r' | grep -o 'guest: .*'
}
virtio=$(boot -device virtio-blk-pci,drive=disk)
scsi=$(boot -device virtio-scsi-pci -device scsi-hd,drive=disk)
echo "virtio-blk, $virtio"
echo "scsi-hd, $scsi"
case "$virtio/$scsi" in
*"ro 1: mapped, ro 0"/*"ro 1: "*"Read-only file system"*) ;;
*) echo "this changed" && exit 1 ;;
esac
