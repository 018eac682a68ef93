# Makes the volumes and the file systems in them, fixed where the tools let it be, and tells what the tools say of them.
set -e
fill() {
  mount "$1" /mnt
  if [ -d /mnt/lost+found ]; then rmdir /mnt/lost+found; fi
  python3 populate.py /mnt
  umount /mnt
}
ext4() { mke2fs -q -t ext4 -U "$2" "$1"; }

# The stripes lie on both disks, and root begins on the first disk and goes on on the second.
pvcreate -q --norestorefile --uuid gkPv00-0000-0000-0000-0000-0000-000000 /disk/pv0
pvcreate -q --norestorefile --uuid gkPv01-0000-0000-0000-0000-0000-000001 /disk/pv1
vgcreate -q vg0 /disk/pv0 /disk/pv1
lvcreate -q -y -n data -i 2 -I 64k -L 16M vg0
lvcreate -q -y -n root -l 1 vg0 /disk/pv0
lvextend -q -l 15 vg0/root /disk/pv1
ext4 /dev/vg0/data 6c766d00-0000-4000-8000-00000000da7a
ext4 /dev/vg0/root 6c766d00-0000-4000-8000-000000002007
fill /dev/vg0/data
fill /dev/vg0/root
lvm fullreport --units b --nosuffix --reportformat json > /sent/files/lvm
vgchange -q -an vg0

mdadm --create /dev/md127 --run --assume-clean --level=1 --raid-devices=2 --metadata=1.2 --homehost=guestkit \
  --name=mirror --uuid=6d640000:00000000:00000000:00000001 /disk/md0 /disk/md1
ext4 /dev/md127 6d640000-0000-4000-8000-000000000001
fill /dev/md127
mdadm --stop /dev/md127
for each in md0 md1; do mdadm --examine --verbose /disk/$each; done > /sent/files/md

# The cheapest that the tools allow: the processor is emulated, and nothing is kept secret.
fast_argon2="--pbkdf argon2id --pbkdf-memory 32 --pbkdf-parallel 1 --pbkdf-force-iterations 4"
fast_pbkdf2="--pbkdf pbkdf2 --pbkdf-force-iterations 1000"
cryptsetup luksFormat -q --type luks2 $fast_argon2 --uuid 6c756b73-0000-4000-8000-000000000002 --label locked \
  --key-file passphrase /disk/luks2
cryptsetup luksAddKey -q $fast_pbkdf2 --key-file passphrase /disk/luks2 second
cryptsetup luksFormat -q --type luks1 $fast_pbkdf2 --uuid 6c756b73-0000-4000-8000-000000000001 \
  --key-file passphrase /disk/luks1
for each in luks2 luks1; do
  cryptsetup open --key-file passphrase /disk/$each $each
  ext4 /dev/mapper/$each 6c756b73-0000-4000-8000-0000000000e${each#luks}
  fill /dev/mapper/$each
  cryptsetup close $each
  cryptsetup luksDump /disk/$each > /sent/files/$each
done

mkfs.xfs -q -m crc=0,uuid=78667334-0000-4000-8000-000000000001 -L four /disk/xfs4
fill /disk/xfs4
# Whatever version 4 can do without: file types in directories, wide project numbers, lazy counters, the second log.
mkfs.xfs -q -m crc=0,uuid=78667334-0000-4000-8000-000000000002 -b size=1024 -n size=4096,ftype=0 \
  -i attr=1,projid32bit=0 -l version=1,lazy-count=0 /disk/xfs4-oldest
fill /disk/xfs4-oldest
for each in xfs4 xfs4-oldest; do xfs_db -r -c "sb 0" -c print /disk/$each > /sent/files/$each; done
