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
module: guestkit_ci_install
short_description: Let this user's systemd run a CI job at set times
version_added: 0.2.0
description:
  - Writes a timer and its service among this user's units and enables the timer; where the user's systemd
    runs, the timer is started as well.
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
  job:
    description:
      - The job's name on this host.
    type: str
    required: true
  config:
    description:
      - The job's file; guestkit/ci/JOB.yaml in the configuration folder where left out.
    type: path
  on_calendar:
    description:
      - "When: OnCalendar of systemd.time(7)."
    type: str
    default: daily
  random_delay:
    description:
      - Seconds by which a run is put off at most, at random.
    type: int
    default: 0
  environment_file:
    description:
      - "NAME=VALUE lines for the job's environment: what ${env.NAME} in project files means."
    type: path
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: Every night at three
  guestkit.guestkit.guestkit_ci_install:
    job: nightly
    on_calendar: "03:00"
'''

RETURN = r'''
---
timer:
  description: The timer's unit file.
  type: str
  returned: always
service:
  description: The service's unit file.
  type: str
  returned: always
started:
  description: Whether systemd runs the timer now; otherwise from the next login or start on.
  type: bool
  returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="action",
    name="ci_install",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "job": {
        "type": "str",
        "required": True,
    },
    "config": {
        "type": "path",
    },
    "on_calendar": {
        "type": "str",
        "default": "daily",
    },
    "random_delay": {
        "type": "int",
        "default": 0,
    },
    "environment_file": {
        "type": "path",
    },
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
