# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts are the things whose contract says how they are reached: nothing here knows of a particular one."""

from __future__ import absolute_import, division, print_function
__metaclass__ = type

DOCUMENTATION = r'''
---
name: guestkit
short_description: Machines that guestkit runs, as hosts
version_added: 0.2.0
description:
  - Asks the C(guestkit) command for the machines of a host and what they are now, and makes an Ansible host of each
    one that can be reached by SSH.
  - Every host is in the group C(guestkit) and in one named after its kind (C(virtual_machine)); its labels and its
    status make further groups, such as C(label_role_web) and C(status_running).
  - The variable C(guestkit) of a host holds its C(contract), its C(id) and its whole C(state), for C(compose),
    C(groups) and C(keyed_groups).
author:
  - the guestkit authors (@guestkit)
requirements:
  - guestkit on the control node, or a command that runs it where the machines are
extends_documentation_fragment:
  - ansible.builtin.constructed
options:
  plugin:
    description:
      - Names this plugin.
    type: str
    required: true
    choices: [guestkit.guestkit.guestkit]
  command:
    description:
      - The guestkit command and its arguments, such as C([ssh, hypervisor, guestkit]).
      - The addresses are those that the machines have there, and so are the key files.
    type: list
    elements: str
    default: [guestkit]
    env:
      - name: GUESTKIT_COMMAND
  host:
    description:
      - Another host whose machines are listed, C(ssh://USER@HOST:PORT) or a name of C(~/.ssh/config).
      - The connections go by ssh to that host, which needs to forward nothing; guestkit is brought there.
      - That host names its machines as it likes. One that is called as the control node is, or as a host of an inventory
        that was read before, is left out with a warning. One without a way in (C(unreachable)) has an C(ansible_host)
        that leads nowhere.
    type: str
    env:
      - name: GUESTKIT_HOST
    version_added: 0.2.0
  contracts:
    description:
      - Kinds of things to ask for; all that can be reached where left out.
    type: list
    elements: str
    default: []
  unreachable:
    description:
      - Also lists things that cannot be reached now, such as machines that are shut down.
    type: bool
    default: false
'''

EXAMPLES = r'''
---
# guestkit.yml
plugin: guestkit.guestkit.guestkit
keyed_groups:
  - key: guestkit.state.accelerator
    prefix: accelerator
'''

import json
import shlex
import subprocess
import tempfile

from ansible.constants import LOCALHOST
from ansible.errors import AnsibleParserError
from ansible.module_utils.common.text.converters import to_bytes, to_text
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.unsafe_proxy import wrap_var

PROTOCOL = 1


class Conversation:
    """Requests to one `guestkit rpc`, several of them at once."""

    def __init__(self, command):
        self.errors = tempfile.TemporaryFile()
        self.serial = 0
        try:
            self.process = subprocess.Popen(
                list(command) + ["rpc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors
            )
        except OSError as error:
            raise AnsibleParserError("Cannot run %s: %s" % (" ".join(command), to_text(error)))

    def __enter__(self):
        return self

    def __exit__(self, *_thrown):
        try:
            self.process.stdin.close()
        except OSError:
            # It has gone before it read everything.
            pass
        self.process.stdout.close()
        self.process.wait()
        self.errors.close()

    def ask(self, method, params):
        """One answer. Raises AnsibleParserError where there is none."""
        answer = self.ask_all([(method, params)])[0]
        if "error" in answer:
            raise AnsibleParserError(text_of(answer["error"]))
        return answer["result"]

    def ask_all(self, requests):
        """Answers, errors among them, in the order of the requests."""
        first = self.serial
        for method, params in requests:
            self.send(dict(jsonrpc="2.0", id=self.serial, method=method, params=params))
            self.serial += 1
        answers = {}
        while len(answers) < len(requests):
            message = self.receive()
            if message.get("id") is not None and "method" not in message:
                answers[message["id"]] = message
        return [answers[first + index] for index in range(len(requests))]

    def send(self, message):
        try:
            self.process.stdin.write(to_bytes(json.dumps(message) + "\n"))
            self.process.stdin.flush()
        except OSError:
            raise self.silent()

    def receive(self):
        line = self.process.stdout.readline()
        if not line:
            raise self.silent()
        return json.loads(to_text(line))

    def silent(self):
        self.errors.seek(0)
        said = to_text(self.errors.read())[-500:].strip()
        return AnsibleParserError("Cannot use guestkit: it ended without an answer. It said: %s" % (said or "nothing"))


class InventoryModule(BaseInventoryPlugin, Constructable):
    NAME = "guestkit.guestkit.guestkit"

    def verify_file(self, path):
        return super(InventoryModule, self).verify_file(path) and path.endswith(("guestkit.yml", "guestkit.yaml"))

    def parse(self, inventory, loader, path, cache=True):
        super(InventoryModule, self).parse(inventory, loader, path, cache)
        self._read_config_data(path)
        with Conversation(self.get_option("command")) as guestkit:
            hello = guestkit.ask("initialize", self.wishes())
            for contract in self.wanted(hello["contracts"]):
                for state in self.states(guestkit, contract):
                    self.add(contract, state)

    def wishes(self):
        host = self.get_option("host")
        return dict(client="ansible inventory", protocol=PROTOCOL, **(dict(host=host) if host else {}))

    def wanted(self, contracts):
        reachable = [each for each in contracts if each.get("reachable")]
        names = self.get_option("contracts")
        known = [each["name"] for each in reachable]
        unknown = [each for each in names if each not in known]
        if unknown:
            raise AnsibleParserError("Cannot list %s: known are %s" % (", ".join(unknown), ", ".join(known) or "none"))
        return [each for each in reachable if not names or each["name"] in names]

    def states(self, guestkit, contract):
        """What each thing is now. One that cannot be looked at is told, and left out."""
        name = contract["name"]
        identities = guestkit.ask("list", dict(contract=name))["ids"]
        answers = guestkit.ask_all([("observe", dict(contract=name, id=each)) for each in identities])
        for identity, answer in zip(identities, answers):
            if "error" in answer:
                self.display.warning("%s %s: %s" % (name, identity, text_of(answer["error"])))
            elif answer["result"]["state"]:
                yield answer["result"]["state"]

    def add(self, contract, state):
        reachable = contract["reachable"]
        if not state.get(reachable["host"]) and not self.get_option("unreachable"):
            return
        refused = self.refused(contract, state)
        if refused:
            self.display.warning("%s %s: %s" % (contract["name"], state["id"], refused))
            return
        host = self.inventory.add_host(state["id"])
        for name, value in self.variables(contract, state).items():
            self.inventory.set_variable(host, name, value)
        for group in ["guestkit", contract["name"]] + group_names(reachable, state):
            self.inventory.add_child(self.inventory.add_group(self._sanitize_group_name(group)), host)
        self.construct(host)

    def refused(self, contract, state):
        """Why a thing is no host here, if so: what another machine says becomes words of ssh and names of hosts."""
        given = [state["id"]] + [state.get(contract["reachable"][part]) for part in ("host", "user")]
        if any(str(each).startswith("-") for each in given):
            return "Cannot list it: a name, address or user that begins with - would be an option of ssh"
        if self.get_option("host") and (state["id"] in LOCALHOST or state["id"] in self.inventory.hosts):
            return "Cannot list it: a host with this name exists already"
        return None

    def variables(self, contract, state):
        given = variables(contract, state)
        if self.get_option("host") and "ansible_host" not in given:
            # Its name alone might lead to a machine of the user's own. RFC 6761, 6.4: nothing has this one.
            given["ansible_host"] = as_data("%s.invalid" % state["id"])
        return given

    def construct(self, host):
        strict = self.get_option("strict")
        known = self.inventory.get_host(host).get_vars()
        self._set_composite_vars(self.get_option("compose"), known, host, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), known, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), known, host, strict=strict)


def variables(contract, state):
    """What Ansible's ssh connection needs, and the state for everything else."""
    reachable = contract["reachable"]
    names = dict(host="ansible_host", port="ansible_port", user="ansible_user", key="ansible_ssh_private_key_file")
    given = dict((name, state.get(reachable.get(part))) for part, name in names.items())
    known_hosts = state.get(reachable.get("knownHosts"))
    config = state.get(reachable.get("config"))
    if config:
        # Its section is called as the thing is.
        given.update(ansible_host=state["id"], ansible_ssh_common_args="-F %s" % shlex.quote(config))
    elif known_hosts:
        settings = ["UserKnownHostsFile=%s" % known_hosts, "HostKeyAlias=%s" % state["id"], "StrictHostKeyChecking=yes"]
        given["ansible_ssh_common_args"] = " ".join("-o %s" % shlex.quote(each) for each in settings)
    given["guestkit"] = dict(contract=contract["name"], id=state["id"], state=state)
    return dict((name, as_data(value)) for name, value in given.items() if value is not None)


def as_data(value):
    """A guest says some of it (its addresses): what it says is never a template."""
    text = json.dumps(value)
    return wrap_var(value) if any(mark in text for mark in ["{{", "{%", "{#"]) else value


def group_names(reachable, state):
    """`labels: {role: web}` -> label_role_web, `status: running` -> status_running."""
    names = []
    for field in reachable.get("groups") or []:
        value = state.get(field)
        if isinstance(value, dict):
            names += ["%s_%s_%s" % (field.rstrip("s"), key, each) for key, each in sorted(value.items())]
        elif value:
            names += ["%s_%s" % (field, each) for each in (value if isinstance(value, list) else [value])]
    return names


def text_of(error):
    report = error.get("data") or {}
    return "\n".join(each for each in [error.get("message"), report.get("help")] if each)
