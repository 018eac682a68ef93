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
module: guestkit_slurp
short_description: "A file inside an image: its bytes and what is known of it"
version_added: 0.1.0
description:
  - Reads one regular file out of an image without mounting it. Symbolic links are followed as the guest would
    follow them and never lead to the host. A file that is not there, or past the limit, is an error.
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
  path:
    description:
      - Absolute path inside the image.
    type: str
  path_base64:
    description:
      - The path in base64, for one that is no UTF-8; goes before path.
    type: str
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
  limit:
    description:
      - A file that is larger is refused.
    type: str
    default: 16M
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
- name: Read a file
  guestkit.guestkit.guestkit_slurp:
    disk: ubuntu.qcow2
    path: /etc/hostname
  register: result
'''

RETURN = r'''
---
content:
  description: The text; null where the bytes are no UTF-8.
  type: str
  returned: always
content_base64:
  description: The bytes in base64.
  type: str
  returned: always
sha256:
  description: Digest of the bytes, in hex.
  type: str
  returned: always
size:
  description: Bytes.
  type: int
  returned: always
mode:
  description: "Permission bits in octal: 0644."
  type: str
  returned: always
uid:
  description: Owner.
  type: int
  returned: always
gid:
  description: Group.
  type: int
  returned: always
mtime:
  description: Last change, ISO 8601 with nanoseconds.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="file_content",
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
    "path": {
        "type": "str",
    },
    "path_base64": {
        "type": "str",
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
    "limit": {
        "type": "str",
        "default": "16M",
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
