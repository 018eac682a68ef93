# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Into a machine without an address of its own: everything goes by `guestkit vm exec` and `guestkit vm cp`."""

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
name: guestkit
short_description: Run tasks in a guestkit machine by its guest agent
version_added: 0.2.0
description:
  - Runs commands in a running machine and copies files into it and out of it by C(guestkit vm exec) and C(guestkit vm cp).
  - Needs neither a network nor an SSH server in the guest where its guest agent runs. What a command prints arrives when
    it has ended, and there is no terminal for a question.
author:
  - the guestkit authors (@guestkit)
requirements:
  - guestkit on the control node, or a command that runs it where the machine is
options:
  machine:
    description:
      - Name of the machine.
    type: str
    default: inventory_hostname
    vars:
      - name: inventory_hostname
      - name: ansible_host
      - name: ansible_guestkit_machine
  remote_user:
    description:
      - As whom commands run in the guest; whoever the agent runs as, root, where left out. By SSH whoever logs in.
    type: str
    keyword:
      - name: remote_user
    ini:
      - section: defaults
        key: remote_user
    env:
      - name: ANSIBLE_REMOTE_USER
    vars:
      - name: ansible_user
  command:
    description:
      - The guestkit command and its arguments.
    type: list
    elements: str
    default: [guestkit]
    env:
      - name: GUESTKIT_COMMAND
    vars:
      - name: ansible_guestkit_command
  host:
    description:
      - Another host whose machine it is, C(ssh://USER@HOST:PORT) or a name of C(~/.ssh/config); guestkit is brought there.
    type: str
    env:
      - name: GUESTKIT_HOST
    vars:
      - name: ansible_guestkit_host
  via:
    description:
      - The way into the guest.
    type: str
    choices: [agent, ssh, auto]
    default: agent
    vars:
      - name: ansible_guestkit_via
'''

import os
import shlex
import subprocess

from ansible.errors import AnsibleConnectionFailure, AnsibleFileNotFound
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

display = Display()

# guestkit vm exec: the command could not be run at all.
NOT_RUN = 125


class Connection(ConnectionBase):
    """One process of guestkit for each command: there is nothing that stays open."""

    transport = "guestkit.guestkit.guestkit"
    has_pipelining = True

    def _connect(self):
        self._connected = True
        return self

    def close(self):
        self._connected = False

    def exec_command(self, cmd, in_data=None, sudoable=True):
        """Exit code, output and errors of a line of the guest's shell. Raises AnsibleConnectionFailure where it was not run."""
        super(Connection, self).exec_command(cmd, in_data=in_data, sudoable=sudoable)
        user = self.get_option("remote_user")
        options = ["--user", user] if user else []
        shell = os.path.basename(self._shell.executable or "sh")
        code, out, errors = self._guestkit("exec", options, [self.get_option("machine"), shell, "-c", to_text(cmd)], in_data)
        if code == NOT_RUN:
            raise AnsibleConnectionFailure(to_text(errors).strip())
        return code, out, errors

    def put_file(self, in_path, out_path):
        """Copies a file of the control node into the guest."""
        super(Connection, self).put_file(in_path, out_path)
        if not os.path.exists(to_bytes(in_path, errors="surrogate_or_strict")):
            raise AnsibleFileNotFound("Cannot copy %s: there is no such file" % in_path)
        self._copy(os.path.abspath(in_path), self._in_guest(out_path))

    def fetch_file(self, in_path, out_path):
        """Copies a file of the guest to the control node."""
        super(Connection, self).fetch_file(in_path, out_path)
        self._copy(self._in_guest(in_path), os.path.abspath(out_path))

    def _in_guest(self, path):
        return "%s:%s" % (self.get_option("machine"), path)

    def _copy(self, source, target):
        code, _out, errors = self._guestkit("cp", [], [source, target])
        if code != 0:
            raise AnsibleConnectionFailure(to_text(errors).strip())

    def _guestkit(self, verb, options, args, in_data=None):
        command = list(self.get_option("command")) + ["vm", verb, "--via", self.get_option("via")]
        host = self.get_option("host")
        if host:
            command += ["--host", host]
        command += options + args
        display.vvv("EXEC %s" % " ".join(shlex.quote(word) for word in command), host=self.get_option("machine"))
        try:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except OSError as error:
            raise AnsibleConnectionFailure("Cannot run %s: %s" % (command[0], to_text(error)))
        out, errors = process.communicate(to_bytes(in_data) if in_data is not None else None)
        return process.returncode, out, errors
