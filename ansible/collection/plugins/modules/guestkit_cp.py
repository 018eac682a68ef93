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
module: guestkit_cp
short_description: Copy a file or a folder out of an image to the host
version_added: 0.1.0
description:
  - "Nothing is mounted. Each file is written whole: beside its place, then renamed. Whatever the names inside
    the image are, nothing is written outside dest. Files that are the same already stay untouched. Symbolic
    links that lead out of the copied folder, devices, pipes and sockets are left out and told."
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
      - Says what would change, and changes nothing.
  diff_mode:
    support: full
    description:
      - Shows what changes, field by field.
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
  src:
    description:
      - Absolute path inside the image.
    type: str
  src_base64:
    description:
      - The path inside the image in base64, for one that is no UTF-8; goes before src.
    type: str
  dest:
    description:
      - Where it goes on the host; into it where that is a folder.
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
  recursive:
    description:
      - Copy a folder with all that is in it.
    type: bool
    default: false
  links:
    description:
      - "Symbolic links: those that stay inside the copied folder, all as they are, or none."
    type: str
    default: safe
    choices:
      - safe
      - all
      - none
  preserve:
    description:
      - Keep owner, group and the setuid, setgid and sticky bits (as root).
    type: bool
    default: false
  overwrite:
    description:
      - Replace files that differ; refused otherwise.
    type: bool
    default: true
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
- name: Extract a configuration file
  guestkit.guestkit.guestkit_cp:
    disk: ubuntu.qcow2
    src: /etc/nginx/nginx.conf
    dest: nginx.conf
'''

RETURN = r'''
---
copied_to:
  description: What was written on the host.
  type: str
  returned: always
files:
  description: Files and links looked at.
  type: int
  returned: always
copied:
  description: Of these, how many were written.
  type: int
  returned: always
bytes:
  description: Bytes written.
  type: int
  returned: always
left_out:
  description: What was left out, and why.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: Path inside the image.
      type: str
      returned: always
    path_base64:
      description: Its bytes where they are no UTF-8.
      type: str
      returned: always
    why:
      description: Why it was left out.
      type: str
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="copy",
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
    "src": {
        "type": "str",
    },
    "src_base64": {
        "type": "str",
    },
    "dest": {
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
    "recursive": {
        "type": "bool",
        "default": False,
    },
    "links": {
        "type": "str",
        "default": "safe",
        "choices": ["safe", "all", "none"],
    },
    "preserve": {
        "type": "bool",
        "default": False,
    },
    "overwrite": {
        "type": "bool",
        "default": True,
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
