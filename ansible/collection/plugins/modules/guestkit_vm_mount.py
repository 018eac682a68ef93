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
module: guestkit_vm_mount
short_description: Mount a folder of the host in a running machine
version_added: 0.2.0
description:
  - "At once and for this run alone: the declaration stays as it is, and the mount is gone when the machine
    stops. By a server that this machine alone reaches through its network of kind user; 9p and virtiofs
    cannot be added while a machine runs."
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
      - Says what would change, and changes nothing.
  diff_mode:
    support: full
    description:
      - Shows what changes, field by field.
requirements:
  - guestkit on the managed host (the role guestkit.guestkit.guestkit installs it)
options:
  name:
    description:
      - The machine's name.
    type: str
    required: true
  path:
    description:
      - Folder on the host.
    type: path
    required: true
  mount:
    description:
      - Folder in the guest.
    type: str
    required: true
  kind:
    description:
      - How it is carried.
    type: str
    default: sshfs
    choices:
      - sshfs
      - nfs
      - smb
  read_only:
    description:
      - The guest may not write to it.
    type: bool
    default: false
  options:
    description:
      - "Further mount options in the guest (mount -o): noatime."
    type: list
    elements: str
    default: []
  ownership:
    description:
      - "squash: files are the host user's own; map: the guest's owners are kept (nfs)."
    type: str
    default: squash
    choices:
      - squash
      - map
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Mount a folder of the host in a running machine
  guestkit.guestkit.guestkit_vm_mount:
    name: web
    path: ./site
    mount: /srv/site
'''

RETURN = r'''
---
mount:
  description: Where it is mounted.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_mount",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "path": {
        "type": "path",
        "required": True,
    },
    "mount": {
        "type": "str",
        "required": True,
    },
    "kind": {
        "type": "str",
        "default": "sshfs",
        "choices": ["sshfs", "nfs", "smb"],
    },
    "read_only": {
        "type": "bool",
        "default": False,
    },
    "options": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "ownership": {
        "type": "str",
        "default": "squash",
        "choices": ["squash", "map"],
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
