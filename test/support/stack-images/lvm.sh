# One volume of each kind in one group, with noise in it, and what the kernel reads of it.
set -e
noise() { python3 noise.py "$@"; }
modprobe -a md-mod
echo 200000 > /proc/sys/dev/raid/speed_limit_min

pvs=$(for at in 0 1 2 3 4 5; do echo /disk/pv$at; done)
pvcreate -q --metadatacopies 2 --metadatasize 128k --norestorefile --uuid gkPv00-0000-0000-0000-0000-0000-000000 /disk/pv0
pvcreate -q --metadatacopies 0 --norestorefile --uuid gkPv01-0000-0000-0000-0000-0000-000001 /disk/pv1
pvcreate -q --labelsector 3 --norestorefile --uuid gkPv02-0000-0000-0000-0000-0000-000002 /disk/pv2
for at in 3 4 5; do
  pvcreate -q --norestorefile --uuid gkPv0$at-0000-0000-0000-0000-0000-00000$at /disk/pv$at
done
vgcreate -q -s 256k many-kinds $pvs

# NAME [--on DISKS] OPTIONS
make() {
  name=$1; shift; on=
  if [ "$1" = --on ]; then on=$2; shift 2; fi
  lvcreate -q -y -W n -Z n -n "$name" "$@" many-kinds $on
  noise "/dev/many-kinds/$name"
}
make lin-ear -L 512k
make striped -L 1536k -i 3 -I 16k
make mirror --type mirror -m 1 -L 1m -R 64k
make mirror-core --type mirror -m 1 --mirrorlog core -L 1m -R 64k
make raid0 --type raid0 -i 3 -I 8k -L 1536k
make raid0_meta --type raid0_meta -i 3 -I 8k -L 1536k
make raid1 --type raid1 -m 2 -R 64k -L 1m
make raid4 --type raid4 -i 3 -I 8k -R 64k -L 1536k
for layout in n ls la rs ra; do make raid5_$layout --type raid5_$layout -i 3 -I 8k -R 64k -L 1536k; done
for layout in zr nr nc; do make raid6_$layout --type raid6_$layout -i 3 -I 8k -R 64k -L 1536k; done
for layout in ls_6 la_6 rs_6 ra_6 n_6; do make raid6_$layout --type raid6_$layout -i 3 -I 8k -R 64k -L 1536k; done
make raid10 --type raid10 -i 3 -m 1 -I 8k -R 64k -L 1536k
make raid10-two --type raid10 -i 2 -m 1 -I 64k -R 64k -L 1m

make origin -L 1m
lvcreate -q -y -s -c 4k -L 1m -n snap many-kinds/origin
lvcreate -q -y -s -c 16k -L 1m -n snap-late many-kinds/origin
noise /dev/many-kinds/origin 0:40 300:100 1000:24
noise /dev/many-kinds/snap 20:40 900:30
noise /dev/many-kinds/snap-late 512:5

lvcreate -q -y -Z n -T -L 4m -c 64k --poolmetadatasize 2m --poolmetadataspare n many-kinds/pool
lvcreate -q -y -V 64m -T many-kinds/pool -n thin
noise /dev/many-kinds/thin 0:300 40000:200
lvcreate -q -y -s -kn -n thin-snap many-kinds/thin
noise /dev/many-kinds/thin 64:32 65000:64
noise /dev/many-kinds/thin-snap 100:10 20000:70
lvcreate -q -y -V 1m -T many-kinds/pool -n thin-none

make cached -L 512k
lvcreate -q -y --type cache-pool -L 256k --poolmetadatasize 8m --poolmetadataspare n --cachemode writethrough -c 32k -n fast many-kinds
lvconvert -q -y --type cache --cachepool many-kinds/fast many-kinds/cached
make cached-dirty -L 512k
lvcreate -q -y --type cache-pool -L 256k --poolmetadatasize 8m --poolmetadataspare n --cachemode writeback -c 32k -n fast-dirty many-kinds
lvconvert -q -y --type cache --cachepool many-kinds/fast-dirty many-kinds/cached-dirty
noise /dev/many-kinds/cached 100:8
noise /dev/many-kinds/cached-dirty 100:8

# Images on pv5 that fall behind the others: what they hold is not what the volume holds any more.
make raid1-stale --on "/disk/pv5 /disk/pv0" --type raid1 -m 1 -R 64k -L 512k
make raid5-stale --on "/disk/pv5 /disk/pv1 /disk/pv2" --type raid5_ls -i 2 -I 8k -R 64k -L 512k

sync
# Parity and copies are in step; of caches the same field tells how full they are.
out_of_step() {
  lvs -a --noheadings -o sync_percent -S 'segtype=~"^(raid|mirror)"' many-kinds | grep '[0-9]' | grep -v '100.00'
}
for try in $(seq 100); do
  if ! out_of_step > /dev/null; then break; fi
  sleep 0.5
done
if out_of_step; then exit 1; fi
lvchange -q -an many-kinds/raid1-stale many-kinds/raid5-stale
without="devices/filter=[ 'r|^/disk/pv5$|', 'r|^$(readlink /disk/pv5)$|' ]"
lvchange -q -ay --activationmode degraded --config "$without" many-kinds/raid1-stale many-kinds/raid5-stale
for name in raid1-stale raid5-stale; do noise /dev/many-kinds/$name 0:256; done
for path in /dev/many-kinds/*; do
  echo "$(sha256sum < $path | cut -c 1-64) ${path##*/}"
done > /sent/files/sums
lvm fullreport --units b --nosuffix --reportformat json many-kinds > /sent/files/told
# Texts follow one another in a ring: here is one that passes its end.
is_wrapped() {
  python3 -c 'import struct; b = open("/disk/pv0", "rb").read(8192); size, at, length = struct.unpack_from("<QQQ", b, 4128); exit(at + length <= size)'
}
for try in $(seq 30); do
  if is_wrapped; then break; fi
  vgchange -q --addtag try$try many-kinds
done
vgcfgbackup -q -f /sent/files/text many-kinds
vgchange -q -an many-kinds
