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
module: guestkit_sbom
short_description: A list of the software in an image, as CycloneDX or SPDX
version_added: 0.2.0
description:
  - "Reads the package managers' own lists without a boot: name, version, architecture, licence, vendor,
    source package and package URL of each, under the operating system that it is installed in. The same image
    gives the same bytes. Refused where a part of the image cannot be read, since what is not on a list counts
    as absent."
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
  format:
    description:
      - CycloneDX 1.6 or SPDX 2.3, as JSON.
    type: str
    default: cyclonedx
    choices:
      - cyclonedx
      - spdx
  languages:
    description:
      - Packages of Python, npm, RubyGems, Go, Rust and Maven as well, for which whole trees are walked
        through.
    type: bool
    default: false
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
- name: What is installed, for a scanner
  guestkit.guestkit.guestkit_sbom:
    disk: ubuntu.qcow2
    format: spdx
  register: result
'''

RETURN = r'''
---
content:
  description: The document, as it is to be written to a file.
  type: str
  returned: always
serial_number:
  description: "urn:uuid: and a UUID of version 5: the same software has the same one."
  type: str
  returned: always
total:
  description: How many packages are on it.
  type: int
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
    name="image_sbom",
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
    "format": {
        "type": "str",
        "default": "cyclonedx",
        "choices": ["cyclonedx", "spdx"],
    },
    "languages": {
        "type": "bool",
        "default": False,
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
