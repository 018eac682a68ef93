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
module: guestkit_virtual_machine_info
short_description: "A machine as it is now: state, addresses, ways in"
version_added: 0.2.0
description:
  - What QEMU, the guest's agent and the machine's own files tell. Nothing is started or changed.
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
      - The machine's name.
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
- name: How is it?
  guestkit.guestkit.guestkit_virtual_machine_info:
    name: web
  register: result
'''

RETURN = r'''
---
status:
  description: What QEMU says of it.
  type: str
  returned: always
pid:
  description: QEMU's process; null where it does not run.
  type: int
  returned: always
accelerator:
  description: kvm, hvf or tcg.
  type: str
  returned: always
machine_type:
  description: "Machine type with its version: pc-q35-7.2."
  type: str
  returned: always
cpus:
  description: Virtual processors.
  type: int
  returned: always
memory:
  description: Memory of the guest in bytes.
  type: int
  returned: always
uptime:
  description: Seconds since QEMU was started.
  type: float
  returned: always
ip_addresses:
  description: Addresses that the guest's agent tells now.
  type: list
  elements: str
  returned: always
hostname:
  description: Host name that the agent tells.
  type: str
  returned: always
os:
  description: Operating system that the agent tells.
  type: str
  returned: always
agent:
  description: Whether the guest agent answers.
  type: bool
  returned: always
forwards:
  description: Ports of the host that lead into the guest.
  type: list
  elements: dict
  returned: always
  contains:
    network:
      description: The network's name.
      type: str
      returned: always
    name:
      description: The forward's name.
      type: str
      returned: always
    protocol:
      description: tcp or udp.
      type: str
      returned: always
    host_address:
      description: Address on the host.
      type: str
      returned: always
    host_port:
      description: Port on the host, the picked one where none was declared.
      type: int
      returned: always
    guest_port:
      description: Port in the guest.
      type: int
      returned: always
ssh_host:
  description: Where SSH is reached, on its host; null where it cannot be.
  type: str
  returned: always
ssh_port:
  description: Port of it.
  type: int
  returned: always
ssh_user:
  description: Who logs in.
  type: str
  returned: always
ssh_command:
  description: A command that logs in.
  type: str
  returned: always
template_upgraded:
  description: Whether what its disks start from was changed since its last start; the next start takes it up.
  type: bool
  returned: always
console_log:
  description: File with everything that the serial console showed.
  type: str
  returned: always
directory:
  description: Where the machine lives.
  type: str
  returned: always
command_line:
  description: QEMU's arguments as it was, or would be, started.
  type: list
  elements: str
  returned: always
mounts:
  description: Host folders that the guest has now.
  type: list
  elements: dict
  returned: always
  contains:
    path:
      description: Folder on the host.
      type: str
      returned: always
    mount:
      description: Folder in the guest.
      type: str
      returned: always
    kind:
      description: How it is carried.
      type: str
      returned: always
    read_only:
      description: The guest may not write to it.
      type: bool
      returned: always
    declared:
      description: By the declaration; otherwise by vm mount, for this run alone.
      type: bool
      returned: always
owner:
  description: Whose it is, FACE:PROJECT (guestkit.yaml:shop, terraform:1b2c...); null where nobody in particular owns it.
  type: str
  returned: always
owner_file:
  description: The project file of an owner that has no name but a UUID.
  type: str
  returned: always
failure:
  description: Why it did not become ready, where that was kept.
  type: str
  returned: always
warnings:
  description: What was odd.
  type: list
  elements: str
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="virtual_machine_info",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "name": {
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
