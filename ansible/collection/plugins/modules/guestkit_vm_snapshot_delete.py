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
module: guestkit_vm_snapshot_delete
short_description: Delete a snapshot of a machine
version_added: 0.2.0
description:
  - Gives back what it took in the machine's disks.
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
  snapshot:
    description:
      - The snapshot's name.
    type: str
    required: true
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Delete a snapshot of a machine
  guestkit.guestkit.guestkit_vm_snapshot_delete:
    name: web
    snapshot: before
'''

RETURN = r'''
---
status:
  description: What QEMU says of it afterwards.
  type: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_snapshot_delete",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
        "type": "str",
        "required": True,
    },
    "snapshot": {
        "type": "str",
        "required": True,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
