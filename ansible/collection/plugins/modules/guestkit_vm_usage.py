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
module: guestkit_vm_usage
short_description: What machines use
version_added: 0.2.0
description:
  - "Processor time, memory, disk and network of the machines that run, measured over a moment: from QEMU's
    process, its monitor, and what the guest tells of itself. guestkit vm top on the command line shows it
    live."
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
  names:
    description:
      - Machines; all that run where left out.
    type: list
    elements: str
    default: []
  interval:
    description:
      - Seconds over which is measured.
    type: float
    default: 1
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What do the machines use?
  guestkit.guestkit.guestkit_vm_usage: {}
  register: result
'''

RETURN = r'''
---
machines:
  description: Machines that run, by name.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name.
      type: str
      returned: always
    time:
      description: When it was measured, ISO 8601.
      type: str
      returned: always
    status:
      description: What QEMU says of it; not answering where QEMU says nothing.
      type: str
      returned: always
    uptime:
      description: Seconds since QEMU was started.
      type: float
      returned: always
    cpu_percent:
      description: Processor time of QEMU's process; 100 is one processor of the host; null where nothing tells.
      type: float
      returned: always
    vcpu_percent:
      description: The same of each virtual processor's thread; null where several share one.
      type: list
      elements: float
      returned: always
    memory:
      description: Bytes that it was started with.
      type: int
      returned: always
    resident_memory:
      description: Bytes of the host's memory that QEMU's process occupies.
      type: int
      returned: always
    balloon_memory:
      description: Bytes that the balloon leaves to the guest.
      type: int
      returned: always
    guest_used_memory:
      description: Bytes that the guest cannot do without, as its balloon driver tells.
      type: int
      returned: always
    disk_read_bytes:
      description: Bytes a second that the guest reads from its disks; null where nothing tells.
      type: float
      returned: always
    disk_write_bytes:
      description: Bytes a second that it writes; null where nothing tells.
      type: float
      returned: always
    disk_reads:
      description: Reads a second; null where nothing tells.
      type: float
      returned: always
    disk_writes:
      description: Writes a second; null where nothing tells.
      type: float
      returned: always
    network_received_bytes:
      description: Bytes a second that the guest receives; null where nothing tells.
      type: float
      returned: always
    network_sent_bytes:
      description: Bytes a second that it sends; null where nothing tells.
      type: float
      returned: always
    network_source:
      description: "Who tells of the network: host (its tap devices) or guest (its agent)."
      type: str
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="vm_usage",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "names": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "interval": {
        "type": "float",
        "default": 1,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
