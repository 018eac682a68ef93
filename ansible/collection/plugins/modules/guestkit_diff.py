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
module: guestkit_diff
short_description: "What differs between two images: packages, users, services, files"
version_added: 0.2.0
description:
  - "Compares what is inside, without a boot: systems are paired by their order, files by their paths; one
    that went and came elsewhere with the same content is renamed. What both images keep at one place of the
    same base is not read."
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
  before:
    description:
      - "The image as it was: a path on the host, or the id of a disk_image."
    type: path
    required: true
  after:
    description:
      - The image as it is.
    type: path
    required: true
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
  partition:
    description:
      - Number of the image's partition to look into; the system's root, or the only file system, where left
        out.
    type: int
  filesystem:
    description:
      - "The file system to look into, by any name of its device: /dev/sda1, /dev/vg0/root,
        btrfsvol:/dev/sda3/root."
    type: str
  snapshot:
    description:
      - An internal snapshot's id or name, instead of the present state.
    type: str
  before_image_format:
    description:
      - "Of before alone, in the place of image_format. The image's own format; what is recorded of it, else
        what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001,
        disk.002, ...) and luks."
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
  before_with:
    description:
      - "Of before alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc):
        what lies on several disks is read as a whole."
    type: list
    elements: path
  before_partition:
    description:
      - Of before alone, in the place of partition. Number of the image's partition to look into; the system's
        root, or the only file system, where left out.
    type: int
  before_filesystem:
    description:
      - "Of before alone, in the place of filesystem. The file system to look into, by any name of its device:
        /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root."
    type: str
  before_snapshot:
    description:
      - Of before alone, in the place of snapshot. An internal snapshot's id or name, instead of the present
        state.
    type: str
  after_image_format:
    description:
      - "Of after alone, in the place of image_format. The image's own format; what is recorded of it, else
        what it looks like where left out. Never seen by itself: split (a raw disk in files disk.001,
        disk.002, ...) and luks."
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
  after_with:
    description:
      - "Of after alone, in the place of with. Further disks of the same machine, in its order (sdb, sdc):
        what lies on several disks is read as a whole."
    type: list
    elements: path
  after_partition:
    description:
      - Of after alone, in the place of partition. Number of the image's partition to look into; the system's
        root, or the only file system, where left out.
    type: int
  after_filesystem:
    description:
      - "Of after alone, in the place of filesystem. The file system to look into, by any name of its device:
        /dev/sda1, /dev/vg0/root, btrfsvol:/dev/sda3/root."
    type: str
  after_snapshot:
    description:
      - Of after alone, in the place of snapshot. An internal snapshot's id or name, instead of the present
        state.
    type: str
  path:
    description:
      - Compare this file, or files below this folder, alone.
    type: str
  times:
    description:
      - Modification times of files count as well.
    type: bool
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
- name: What did the upgrade change?
  guestkit.guestkit.guestkit_diff:
    before: before.qcow2
    after: after.qcow2
  register: result
- name: What changed since the snapshot?
  guestkit.guestkit.guestkit_diff:
    before: web.qcow2
    after: web.qcow2
    before_snapshot: clean
    path: /etc
  register: result
'''

RETURN = r'''
---
is_different:
  description: Whether anything differs; null where something could not be read, and nothing else differs.
  type: bool
  returned: always
total:
  description: How many changes there are, with those that are unread.
  type: int
  returned: always
unread:
  description: "How many of them are unread: with any of these, the images may differ in more."
  type: int
  returned: always
changes:
  description: The first 10000 of them.
  type: list
  elements: dict
  returned: always
  contains:
    group:
      description: What it is one of.
      type: str
      returned: always
    change:
      description: "What happened to it; unread: it could not be compared, since it could not be read in one of them."
      type: str
      returned: always
    system:
      description: Which of the image's systems it is in, from 0; null for what is in none.
      type: int
      returned: always
    name:
      description: A package, a user, a path, a field of the system.
      type: str
      returned: always
    from:
      description: The path that a renamed file had.
      type: str
      returned: always
    differences:
      description: What of it differs; of a content its size.
      type: list
      elements: dict
      returned: always
      contains:
        field:
          description: "What differs: version, mode, owner, content, target, xattr NAME; error: why it could not be read."
          type: str
          returned: always
        before:
          description: As it was; null where it was not there.
          type: str
          returned: always
        after:
          description: As it is; null where it is not there.
          type: str
          returned: always
warnings:
  description: What was odd while reading, behind before or after.
  type: list
  elements: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="image_diff",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "before": {
        "type": "path",
        "required": True,
    },
    "after": {
        "type": "path",
        "required": True,
    },
    "image_format": {
        "type": "str",
        "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
    },
    "with": {
        "type": "list",
        "elements": "path",
    },
    "partition": {
        "type": "int",
    },
    "filesystem": {
        "type": "str",
    },
    "snapshot": {
        "type": "str",
    },
    "before_image_format": {
        "type": "str",
        "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
    },
    "before_with": {
        "type": "list",
        "elements": "path",
    },
    "before_partition": {
        "type": "int",
    },
    "before_filesystem": {
        "type": "str",
    },
    "before_snapshot": {
        "type": "str",
    },
    "after_image_format": {
        "type": "str",
        "choices": ["qcow2", "raw", "vmdk", "vhd", "vhdx", "vdi", "qed", "parallels", "qcow", "luks", "split", "ova"],
    },
    "after_with": {
        "type": "list",
        "elements": "path",
    },
    "after_partition": {
        "type": "int",
    },
    "after_filesystem": {
        "type": "str",
    },
    "after_snapshot": {
        "type": "str",
    },
    "path": {
        "type": "str",
    },
    "times": {
        "type": "bool",
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
