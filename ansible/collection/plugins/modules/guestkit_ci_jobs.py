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
module: guestkit_ci_jobs
short_description: The CI jobs of this host
version_added: 0.2.0
description:
  - Every job that is declared in the configuration folder, with its timer and its last run.
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
  executable:
    description:
      - The guestkit program on the managed host.
      - What E(GUESTKIT_COMMAND) names in the task's environment where left out, else the one on PATH.
    type: path
'''

EXAMPLES = r'''
---
- name: What is there?
  guestkit.guestkit.guestkit_ci_jobs: {}
  register: result
'''

RETURN = r'''
---
jobs:
  description: Jobs by name.
  type: list
  elements: dict
  returned: always
  contains:
    name:
      description: Name.
      type: str
      returned: always
    repository:
      description: Where it comes from; null where the file cannot be read.
      type: str
      returned: always
    ref:
      description: Branch or tag.
      type: str
      returned: always
    on_calendar:
      description: When its timer fires; null without one.
      type: str
      returned: always
    result:
      description: passed, unchanged, failed, refused, interrupted, running; null before the first run.
      type: str
      returned: always
    commit:
      description: The commit.
      type: str
      returned: always
    ended_at:
      description: When it ended, ISO 8601.
      type: str
      returned: always
'''

from ansible_collections.guestkit.guestkit.plugins.module_utils import guestkit

CONTRACT = guestkit.Contract(
    kind="query",
    name="ci_jobs",
    renamed={},
    keyed={},
)

ARGUMENT_SPEC = {
    "executable": {
        "type": "path",
    },
}


def main():
    guestkit.run(CONTRACT, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
