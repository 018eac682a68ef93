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
module: guestkit_vm_foreach
short_description: Do one thing with each of several machines
version_added: 0.2.0
description:
  - "Any query or action on one machine, a few machines at a time. A machine that fails or hangs hinders no
    other: it is told in results, and ok is false. guestkit vm foreach on the command line tells each machine
    as it is done."
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
  verb:
    description:
      - "What to do, as after guestkit vm: upgrade, stop, exec, snapshot take."
    type: str
    required: true
  input:
    description:
      - The verb's input but for the name. Lists and maps are JSON; {name} stands for the machine's name; host
        paths are absolute.
    type: dict
    default: {}
  select:
    description:
      - Names of machines, or patterns of names with * and ?; all machines where left out.
    type: list
    elements: str
    default: []
  labels:
    description:
      - "Labels that a machine has, with patterns of their values: all of them."
    type: dict
    default: {}
  status:
    description:
      - "States of which the machine's is one: running, stopped."
    type: list
    elements: str
    default: []
  parallel:
    description:
      - Machines at a time; as many as the host has processors (2 to 8) where left out.
    type: int
  timeout:
    description:
      - Seconds for each machine; 0 is no limit.
    type: int
    default: 3600
  fail_fast:
    description:
      - Begin with no further machine after the first that fails.
    type: bool
    default: false
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Upgrade every web server
  guestkit.guestkit.guestkit_vm_foreach:
    verb: upgrade
    labels:
      role: web*
- name: Which kernels run?
  guestkit.guestkit.guestkit_vm_foreach:
    verb: exec
    input:
      command: '["uname", "-r"]'
    status:
      - running
'''

RETURN = r'''
---
ok:
  description: Whether all are done.
  type: bool
  returned: always
done:
  description: How many are done.
  type: int
  returned: always
failures:
  description: How many failed, or were not done in their time.
  type: int
  returned: always
not_started:
  description: How many were not begun, after a failure.
  type: int
  returned: always
results:
  description: The machines, as they came to their end.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: The machine.
      type: str
      returned: always
    verb:
      description: What was to be done.
      type: str
      returned: always
    outcome:
      description: done, failed, timed out, interrupted or not started.
      type: str
      returned: always
    ok:
      description: Whether it is done.
      type: bool
      returned: always
    changed:
      description: Whether something was changed, or would be.
      type: bool
      returned: always
    exit_code:
      description: What the verb alone would have exited with; 124 when its time was over.
      type: int
      returned: always
    duration:
      description: Seconds that it may take.
      type: float
      returned: always
    before:
      description: The state before, where the verb tells it.
      type: str
      returned: always
    after:
      description: The state after.
      type: str
      returned: always
    output:
      description: The verb's own answer, as JSON.
      type: str
      returned: always
    error:
      description: Why it failed.
      type: str
      returned: always
    error_code:
      description: The same as a code.
      type: str
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="vm_foreach",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "verb": {
        "type": "str",
        "required": True,
    },
    "input": {
        "type": "dict",
        "default": {},
    },
    "select": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "labels": {
        "type": "dict",
        "default": {},
    },
    "status": {
        "type": "list",
        "elements": "str",
        "default": [],
    },
    "parallel": {
        "type": "int",
    },
    "timeout": {
        "type": "int",
        "default": 3600,
    },
    "fail_fast": {
        "type": "bool",
        "default": False,
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
