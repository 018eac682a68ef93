#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Generated from the contract by `npm run generate`: change the contract instead.

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
module: guestkit_info
short_description: "What an image is: format, sizes, parents, snapshots, partitions and what is made of them"
version_added: 0.1.0
description:
  - Reads the image's own headers and partition table, and finds the arrays, logical volumes, encrypted
    devices and subvolumes in it. Nothing is mounted and nothing is changed.
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
      - guestkit.guestkit.disks
    description:
      - C(module_defaults) may set what a whole group of modules has.
  check_mode:
    support: full
    description:
      - "Reads only: check mode is as a run."
  diff_mode:
    support: none
    description:
      - "Reads only: nothing changes."
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  disk:
    description:
      - "The image: a path on the host, or the id of a disk_image."
    type: path
    required: true
    aliases:
      - disk_image
  image_format:
    description:
      - "The image's own format; what is recorded of it, else what it looks like where left out. Never seen by
        itself: split (a raw disk in files disk.001, disk.002, ...) and luks."
    type: str
    choices:
      - qcow2
      - raw
      - vmdk
      - vhd
      - vhdx
      - vdi
      - qed
      - parallels
      - qcow
      - luks
      - split
      - ova
  with:
    description:
      - "Further disks of the same machine, in its order (sdb, sdc): what lies on several disks is read as a
        whole."
    type: list
    elements: path
  keys:
    description:
      - What opens encrypted devices, by device, UUID or V(*) for any. Each is a dict with C(passphrase) or
        C(file), a path on the managed host, and with C(header) where a device's LUKS header stands in a file
        of its own there.
      - It is kept nowhere and shown nowhere.
    type: dict
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Look at an image
  guestkit.guestkit.guestkit_info:
    disk: ubuntu.qcow2
  register: result
'''

RETURN = r'''
---
format:
  description: Disk format.
  type: str
  returned: always
virtual_size:
  description: Bytes that the guest sees.
  type: int
  returned: always
actual_size:
  description: Bytes that the image takes on the host.
  type: int
  returned: always
files:
  description: Host files it is made of, its own first.
  type: list
  elements: str
  returned: always
backing_chain:
  description: Parents, nearest first.
  type: list
  elements: str
  returned: always
snapshots:
  description: Internal snapshots.
  type: list
  elements: dict
  returned: always
  contains:
    id:
      description: Number in the image.
      type: str
      returned: always
    name:
      description: Name.
      type: str
      returned: always
    created_at:
      description: When it was taken, ISO 8601.
      type: str
      returned: always
    virtual_size:
      description: Bytes that the guest saw.
      type: int
      returned: always
    vm_state_size:
      description: Bytes of the guest's memory; 0 where only the disk was taken.
      type: int
      returned: always
partition_table:
  description: gpt or mbr; null without a table.
  type: str
  returned: always
partitions:
  description: Partitions in the table's order.
  type: list
  elements: dict
  returned: always
  contains:
    number:
      description: Number as the kernel counts.
      type: int
      returned: always
    device:
      description: "Name as libguestfs gives it: /dev/sda1."
      type: str
      returned: always
    name:
      description: GPT partition name.
      type: str
      returned: always
    type:
      description: Type GUID or MBR type.
      type: str
      returned: always
    uuid:
      description: PARTUUID.
      type: str
      returned: always
    start:
      description: First byte.
      type: int
      returned: always
    size:
      description: Bytes.
      type: int
      returned: always
    bootable:
      description: Marked active.
      type: bool
      returned: always
    filesystem:
      description: What it holds.
      type: str
      returned: always
    label:
      description: Label of the file system.
      type: str
      returned: always
    filesystem_uuid:
      description: UUID of the file system.
      type: str
      returned: always
filesystem:
  description: What the whole disk holds where it has no partition table.
  type: str
  returned: always
details:
  description: "What the format says of itself: cluster_size, compat."
  type: dict
  returned: always
disks:
  description: "The machine's disks: the image, and what with adds to it."
  type: list
  elements: dict
  returned: always
  contains:
    device:
      description: "Name in the machine: /dev/sda for the first."
      type: str
      returned: always
    path:
      description: The image.
      type: str
      returned: always
    format:
      description: Disk format.
      type: str
      returned: always
    virtual_size:
      description: Bytes that the guest sees.
      type: int
      returned: always
    partition_table:
      description: gpt or mbr; null without a table.
      type: str
      returned: always
devices:
  description: Every device in them, each after those that it is made of.
  type: list
  elements: dict
  returned: always
  contains:
    kind:
      description: "What it is: a mapping is what an encrypted device opens to."
      type: str
      returned: always
    device:
      description: "Name as libguestfs and the kernel give it: /dev/sda2, /dev/vg0/root, /dev/md127."
      type: str
      returned: always
    aliases:
      description: "Its other names: /dev/mapper/vg0-root."
      type: list
      elements: str
      returned: always
    size:
      description: Bytes.
      type: int
      returned: always
    stands_on:
      description: The devices that it is made of.
      type: list
      elements: str
      returned: always
    filesystem:
      description: "What it holds: ext4, swap, LVM2_member; null where nothing is recognised, or a partition table."
      type: str
      returned: always
    label:
      description: Label of what it holds.
      type: str
      returned: always
    filesystem_uuid:
      description: UUID of what it holds.
      type: str
      returned: always
    uuid:
      description: "Its own UUID: a partition's, an array's, a logical volume's."
      type: str
      returned: always
    partition_name:
      description: GPT partition name.
      type: str
      returned: always
    is_snapshot:
      description: A snapshot within a file system.
      type: bool
      returned: always
    details:
      description: "What it says of itself: level, layout, cipher."
      type: dict
      returned: always
    error:
      description: "Why what it holds cannot be read: code and text."
      type: str
      returned: always
owner:
  description: Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it.
  type: str
  returned: always
owner_file:
  description: The project file of an owner that has no name but a UUID.
  type: str
  returned: always
warnings:
  description: What was odd while reading.
  type: list
  elements: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="image_info",
    renamed={
        "disk": "disk_image",
    },
    keyed={},
)

ARGUMENT_SPEC = {
    "disk": {
        "type": "path",
        "required": True,
        "aliases": ["disk_image"],
    },
    "image_format": {
        "type": "str",
        "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
    },
    "with": {
        "type": "list",
        "elements": "path",
    },
    "keys": {
        "type": "dict",
        "no_log": True,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
