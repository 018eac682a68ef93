# -*- coding: utf-8 -*-

# Copyright: (c) 2026, the guestkit authors
# GNU General Public License v3.0+ (see https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs `guestkit rpc` on the managed host: JSON on its standard input, so that no secret is ever in argv."""

from __future__ import absolute_import, division, print_function
__metaclass__ = type

import errno
import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.text.converters import to_text

PROTOCOL = 1
INSTALL = "Use the role guestkit.guestkit.guestkit first, or name it by the option executable or by GUESTKIT_COMMAND in the task's environment."
TAKE_OVER = 'Act for its owner: set the option owner: "{owner}".'
FALLBACK_FOLDERS = ["/usr/local/bin", "/opt/guestkit/bin"]
# Options of every module that are no part of the declaration.
NOT_DECLARED = ("keys", "executable")


class Contract:
    """What a generated module knows of its contract."""

    def __init__(self, kind, name, renamed, keyed):
        self.kind = kind
        self.name = name
        self.renamed = renamed
        self.keyed = keyed


class RpcError(Exception):
    """An error that guestkit answered, with the report that every face shows."""

    def __init__(self, report):
        super(RpcError, self).__init__(report.get("message"))
        self.report = report


def run(contract, argument_spec):
    """The whole life of a generated module."""
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True)
    try:
        result = RUNNERS[contract.kind](module, contract, declared(module, contract))
    except RpcError as error:
        module.fail_json(**failure(error.report))
    module.exit_json(**result)


def run_resource(module, contract, config):
    absent = config.pop("state") == "absent"
    owner = owner_of(config.pop("owner"))
    answer = call(module, "apply", {
        "contract": contract.name,
        "config": config,
        "absent": absent,
        "check": module.check_mode,
    }, owner)
    plan = answer["plan"]
    reasons = [readable_reason(each) for each in plan.get("reasons", [])]
    for diagnostic in plan.get("diagnostics", []):
        if diagnostic["severity"] == "warning":
            module.warn(diagnostic["message"])
    result = dict(changed=answer["changed"], action=plan["action"], reasons=reasons)
    state = without_unknown(answer.get("state"))
    identity = (state or {}).get("id") or without_unknown(plan.get("id"))
    if identity:
        result["id"] = identity
    if state:
        result[contract.name] = to_ansible(state, contract.keyed)
    if answer["changed"] and module._diff:
        result["diff"] = difference(reasons)
    return result


def owner_of(given):
    """The full name of an owner: a name alone is one of Ansible's."""
    return given if ":" in given or given in ("ansible", "none") else "ansible:%s" % given


def run_query(module, contract, config):
    answer = call(module, "query", {"contract": contract.name, "input": config})
    inputs = set(config) | set(contract.renamed.values())
    output = dict((key, value) for key, value in warned(module, answer["output"]).items() if key not in inputs)
    return dict(output, changed=False)


def run_action(module, contract, config):
    answer = call(module, "action", {"contract": contract.name, "input": config, "check": module.check_mode})
    result = dict(warned(module, answer.get("output") or {}), changed=answer["changed"])
    if answer["changed"] and module._diff:
        result["diff"] = dict(before=answer.get("before") or "", after=answer.get("after") or "")
    return result


def warned(module, output):
    """The output without its warnings, which Ansible shows and returns by itself."""
    for text in output.get("warnings") or []:
        module.warn(text)
    return without(output, "warnings")


RUNNERS = {"resource": run_resource, "query": run_query, "action": run_action}


def declared(module, contract):
    """The declaration as the contract writes it: our names, maps by name, nothing that the user left out. Raises RpcError."""
    given = dict((name, value) for name, value in module.params.items() if name not in NOT_DECLARED)
    for theirs, ours in contract.renamed.items():
        given[ours] = given.pop(theirs, None) or given.get(ours)
    return to_contract(given, contract.keyed)


def to_contract(given, keyed, path=""):
    fields = {}
    for name, value in given.items():
        if value is None:
            continue
        rule = keyed.get(name)
        fields[name] = keyed_value(value, rule, path + name) if rule else pruned(value)
    return fields


def keyed_value(value, rule, path):
    nested = rule["fields"]
    if "key" in rule:
        return mapped(value, rule["key"], nested, path)
    if isinstance(value, list):
        return [to_contract(each, nested, "%s[%d]." % (path, index)) for index, each in enumerate(value)]
    return to_contract(value, nested, path + ".")


def mapped(elements, key, nested, path):
    """A list as a map by its key. Raises RpcError where two elements have the same: one would be lost."""
    places = {}
    for index, each in enumerate(elements):
        first = places.setdefault(each[key], index)
        if first != index:
            raise RpcError(dict(
                code="E_FIELD_DUPLICATE",
                message='Cannot use %s[%d].%s = "%s": %s[%d] has it already' % (path, index, key, each[key], path, first),
                help="Give it another %s, or leave one of the two out." % key,
                at=dict(field="%s[%d].%s" % (path, index, key)),
            ))
    return dict((each[key], to_contract(without(each, key), nested, "%s[%d]." % (path, places[each[key]]))) for each in elements)


def to_ansible(state, keyed):
    """The reverse: maps by name are lists again."""
    fields = {}
    for name, value in state.items():
        rule = keyed.get(name)
        fields[name] = listed_value(value, rule) if rule and value is not None else value
    return fields


def listed_value(value, rule):
    nested = rule["fields"]
    if "key" in rule:
        return [dict(to_ansible(each, nested), **{rule["key"]: name}) for name, each in sorted(value.items())]
    if isinstance(value, list):
        return [to_ansible(each, nested) for each in value]
    return to_ansible(value, nested)


def without(mapping, key):
    return dict((name, value) for name, value in mapping.items() if name != key)


def pruned(value):
    if isinstance(value, dict):
        return dict((name, pruned(each)) for name, each in value.items() if each is not None)
    if isinstance(value, list):
        return [pruned(each) for each in value]
    return value


def without_unknown(value):
    """In check mode some values are only known after the run: they are left out."""
    if isinstance(value, dict):
        return dict((name, without_unknown(each)) for name, each in value.items() if not is_unknown(each))
    if isinstance(value, list):
        return [without_unknown(each) for each in value if not is_unknown(each)]
    return None if is_unknown(value) else value


def is_unknown(value):
    return isinstance(value, dict) and value == {"$unknown": True}


def readable_reason(reason):
    path = "".join("[%d]" % step if isinstance(step, int) else ".%s" % step for step in reason["path"])
    return dict(
        path=path.lstrip("."),
        before=without_unknown(reason["before"]),
        after="(known after the run)" if is_unknown(reason["after"]) else reason["after"],
        why=reason["why"],
    )


def difference(reasons):
    """Before and after as text, a line a field, for --diff."""
    def lines(side):
        return "".join("%s: %s\n" % (each["path"] or "(all)", json.dumps(each[side], sort_keys=True)) for each in reasons)

    causes = "".join("# %s\n" % each["why"] for each in reasons)
    return dict(before=lines("before"), after=lines("after"), prepared=causes)


def failure(report):
    """What fail_json shows: the message with its next step, and the report for programs."""
    message = report.get("message") or "guestkit failed"
    if report.get("help"):
        message = "%s\n%s" % (message, report["help"])
    fields = dict((name, report[name]) for name in ("code", "help", "at", "cause", "diagnostics") if report.get(name))
    return dict(fields, msg=message)


def command(module):
    """The guestkit of the managed host: what is named by the option, by GUESTKIT_COMMAND, else the one on PATH."""
    named = module.params.get("executable") or os.environ.get("GUESTKIT_COMMAND")
    if named:
        return named
    found = module.get_bin_path("guestkit", required=False, opt_dirs=FALLBACK_FOLDERS)
    if found:
        return found
    raise RpcError(dict(
        code="E_GUESTKIT_MISSING",
        message="Cannot run guestkit: it is not on the PATH of the managed host",
        help=INSTALL,
    ))


def call(module, method, params, owner=None):
    """One request in a conversation of its own."""
    settings = dict(client="ansible", protocol=PROTOCOL, contracts=False)
    if module.params.get("keys"):
        settings["keys"] = module.params["keys"]
    if owner:
        settings.update(owner=owner, take_over=TAKE_OVER)
    requests = [
        dict(jsonrpc="2.0", id=0, method="initialize", params=settings),
        dict(jsonrpc="2.0", id=1, method=method, params=params),
    ]
    text = "".join(json.dumps(each) + "\n" for each in requests)
    code, output, errors = converse(module, command(module), text)
    return answer_of(output, errors, code)


def converse(module, program, text):
    """What `guestkit rpc` is told, and what it says: its exit code, output and complaints. Raises RpcError."""
    try:
        return module.run_command(
            [program, "rpc"], data=text, binary_data=True, handle_exceptions=False, expand_user_and_vars=False
        )
    except OSError as error:
        if error.errno == errno.EPIPE:
            return None, "", "It ended before it was asked."
        raise RpcError(dict(
            code="E_GUESTKIT_MISSING",
            message="Cannot run guestkit: %s: %s" % (program, to_text(error.strerror)),
            help=INSTALL,
        ))


def answer_of(output, errors, code):
    messages = [message_in(line) for line in to_text(output).splitlines()]
    failed = [each for each in messages if "error" in each]
    if failed:
        # Answers come as they are ready: what the conversation could not begin with is why the request failed, too.
        error = min(failed, key=lambda each: each.get("id") or 0)["error"]
        raise RpcError(error.get("data") or dict(message=error.get("message")))
    for message in messages:
        if message.get("id") == 1 and "result" in message:
            return message["result"]
    raise RpcError(dict(
        code="E_GUESTKIT_ANSWER",
        message="Cannot use guestkit: it ended with code %s and no answer" % code,
        help="Run it by hand on the managed host (guestkit doctor). It said: %s" % to_text(errors)[-500:],
    ))


def message_in(line):
    """A line may be anything where the program is not guestkit, or a profile prints something."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
