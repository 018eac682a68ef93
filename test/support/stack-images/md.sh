# One array of each kind over slices of one disk, with noise in it, and what the kernel reads of it.
set -e
modprobe -a md-mod linear raid0 raid1 raid10 raid456
echo 200000 > /proc/sys/dev/raid/speed_limit_min
noise() { python3 noise.py "$@"; }

# NAME SECTORS: a slice of the disk, each on a boundary of 1 MiB; told to the reader of the disk.
next=0
slice() {
  echo "0 $2 linear $(readlink -f /disk/slices) $next" | dmsetup create "$1"
  echo "$1 $((next * 512)) $(($2 * 512))" >> /sent/files/slices
  next=$((next + $2))
  next=$(((next + 2047) / 2048 * 2048))
}

# NAME DISKS "mdadm's options"
array() {
  name=$1 count=$2 options=$3 members=
  for at in $(seq 0 $((count - 1))); do
    sectors=2048
    # Members of several sizes, none a whole number of chunks.
    case $name in *uneven*) sectors=$((3001 + at * 1111));; *ppl*) sectors=8192;; esac
    slice $name-$at $sectors
    members="$members /dev/mapper/$name-$at"
  done
  mdadm --create /dev/md/$name --run --quiet --homehost=maker --name=$name --raid-devices=$count $options $members
  noise /dev/md/$name
}

small="--data-offset=64K --bitmap=none"
array linear-uneven 3 "--level=linear --metadata=1.2 --data-offset=64K"
array linear090 2 "--level=linear --metadata=0.90"
array raid0 3 "--level=0 --chunk=8 --metadata=1.2 --data-offset=64K"
array raid0-uneven 3 "--level=0 --chunk=8 --layout=original --metadata=1.2 --data-offset=64K"
array raid0-alt-uneven 4 "--level=0 --chunk=16 --layout=alternate --metadata=1.1 --data-offset=64K"
array raid1-090 2 "--level=1 --metadata=0.90 --bitmap=none"
array raid1-10 3 "--level=1 --metadata=1.0 --bitmap=none"
array raid1-11 2 "--level=1 --metadata=1.1 $small"
array raid4 4 "--level=4 --chunk=8 --metadata=1.2 $small"
for layout in la ra ls rs parity-first parity-last; do
  array raid5-$layout 4 "--level=5 --chunk=8 --layout=$layout --metadata=1.2 $small"
done
array raid5-090 3 "--level=5 --chunk=64 --metadata=0.90 --bitmap=none"
for layout in la ra ls rs parity-first parity-last ddf-zero-restart ddf-N-restart ddf-N-continue; do
  array raid6-$layout 5 "--level=6 --chunk=8 --layout=$layout --metadata=1.2 $small"
done
for layout in left-asymmetric-6 right-asymmetric-6 left-symmetric-6 right-symmetric-6 parity-first-6; do
  array raid6-$layout 5 "--level=6 --chunk=8 --layout=$layout --metadata=1.2 $small"
done
array raid10-n2 4 "--level=10 --chunk=8 --layout=n2 --metadata=1.2 $small"
array raid10-n2-odd 3 "--level=10 --chunk=8 --layout=n2 --metadata=1.2 $small"
array raid10-n3 5 "--level=10 --chunk=8 --layout=n3 --metadata=1.2 $small"
array raid10-f2 3 "--level=10 --chunk=8 --layout=f2 --metadata=1.2 $small"
array raid10-f3 5 "--level=10 --chunk=8 --layout=f3 --metadata=1.2 $small"
array raid10-o2 4 "--level=10 --chunk=8 --layout=o2 --metadata=1.2 $small"
array raid10-o3 5 "--level=10 --chunk=8 --layout=o3 --metadata=1.2 $small"
array raid1-bitmap 2 "--level=1 --metadata=1.2 --data-offset=64K --bitmap=internal"
array raid5-ppl 3 "--level=5 --chunk=64 --metadata=1.2 --consistency-policy=ppl"

# Members that fall behind: one that failed, and one whose place a spare took.
array raid1-stale 2 "--level=1 --metadata=1.2 $small"
array raid5-spare 3 "--level=5 --chunk=8 --metadata=1.2 $small"
slice raid5-spare-3 2048
for each in /dev/md/*; do mdadm --wait $each || true; done
mdadm --quiet /dev/md/raid1-stale --fail /dev/mapper/raid1-stale-0
noise /dev/md/raid1-stale 0:256
mdadm --quiet /dev/md/raid5-spare --add /dev/mapper/raid5-spare-3
mdadm --quiet /dev/md/raid5-spare --fail /dev/mapper/raid5-spare-1
mdadm --wait /dev/md/raid5-spare || true
noise /dev/md/raid5-spare 100:256

sync
for each in /dev/md/*; do
  echo "$(sha256sum < $each | cut -c 1-64) ${each##*/}"
  mdadm --detail $each > /sent/files/detail-${each##*/}
done > /sent/files/sums
for each in /dev/md/*; do mdadm --quiet --stop $each; done
