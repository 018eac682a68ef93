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
module: guestkit_virtual_machine_check
short_description: What would keep a machine from coming up, as its image tells
version_added: 0.2.0
description:
  - "Reads what is to boot, as a plan does, and names every fault that it can know of beforehand: of a machine
    that is there, or of an image with what is said beside it. Nothing is started or changed."
  - Runs the C(guestkit) command on the managed host.
author:
  - the guestkit authors (@guestkit)
attributes:
  action_group:
    support: full
    membership:
      - guestkit.guestkit.all
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
  name:
    description:
      - A machine that is there.
    type: str
  image:
    description:
      - "An image to judge instead: a path, or the id of a disk_image."
    type: path
  firmware:
    description:
      - Firmware that is to boot it; what it can boot by where left out.
    type: str
    choices:
      - bios
      - uefi
  secure_boot:
    description:
      - UEFI that starts signed loaders alone.
    type: bool
    default: false
  cpu_model:
    description:
      - Processor as QEMU names it.
    type: str
    default: max
  bus:
    description:
      - How the guest is to see the disk.
    type: str
    default: virtio
    choices:
      - virtio
      - scsi
      - sata
      - ide
      - nvme
      - usb
  sector_size:
    description:
      - Bytes of a sector of the disk, 512 or 4096.
    type: int
    default: 512
  user:
    description:
      - Who is to log in.
    type: str
  cloud_init:
    description:
      - cloud-init is going to be told something.
    type: bool
    default: false
  wait_for:
    description:
      - What is going to be waited for.
    type: list
    elements: str
    default: []
    choices:
      - agent
      - ssh
      - cloud_init
      - console
  share_kind:
    description:
      - How host folders are to be shared.
    type: str
    choices:
      - 9p
      - virtiofs
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: A machine that is there
  guestkit.guestkit.guestkit_virtual_machine_check:
    name: web
  register: result
- name: Can this image be logged in to?
  guestkit.guestkit.guestkit_virtual_machine_check:
    image: debian.qcow2
    user: admin
    wait_for:
      - ssh
  register: result
'''

RETURN = r'''
---
findings:
  description: Faults; empty where none is known.
  type: list
  elements: dict
  returned: always
  contains:
    severity:
      description: error or warning.
      type: str
      returned: always
    code:
      description: "The rule: docs/preflight.md tells of it, preflight_rules turns it off."
      type: str
      returned: always
    field:
      description: The declared field that it concerns.
      type: str
      returned: always
    message:
      description: What is so.
      type: str
      returned: always
    help:
      description: The way out.
      type: str
      returned: always
firmware:
  description: Firmware that it would boot by.
  type: str
  returned: always
ready_by:
  description: What would be waited for where nothing is said.
  type: list
  elements: str
  returned: always
ssh_user:
  description: Who would log in.
  type: str
  returned: always
exit_code:
  description: 2 where a finding is an error, else 0.
  type: int
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="virtual_machine_check",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
    },
    "image": {
        "type": "path",
    },
    "firmware": {
        "type": "str",
        "choices": ["bios", "uefi"],
    },
    "secure_boot": {
        "type": "bool",
        "default": False,
    },
    "cpu_model": {
        "type": "str",
        "default": "max",
    },
    "bus": {
        "type": "str",
        "default": "virtio",
        "choices": ["virtio", "scsi", "sata", "ide", "nvme", "usb"],
    },
    "sector_size": {
        "type": "int",
        "default": 512,
    },
    "user": {
        "type": "str",
    },
    "cloud_init": {
        "type": "bool",
        "default": False,
    },
    "wait_for": {
        "type": "list",
        "elements": "str",
        "default": [],
        "choices": ["agent", "ssh", "cloud_init", "console"],
    },
    "share_kind": {
        "type": "str",
        "choices": ["9p", "virtiofs"],
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
