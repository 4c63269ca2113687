#!/usr/bin/python3 -I
"""Manual pages of the command line: swiftlet(1), and one for each of its subcommands.

usage: manuals.py VERSION DIRECTORY <HELP

HELP is what `swiftlet --experimental-dump-help` prints.
"""

import json
import os
import re
import sys


def main():
    version, directory = sys.argv[1:]
    command = json.load(sys.stdin)["command"]
    commands = [each for each in command["subcommands"] if each["commandName"] != "help"]
    os.makedirs(directory, exist_ok=True)
    pages = [("swiftlet", command)]
    pages += [(f"swiftlet-{each['commandName']}", each) for each in commands]
    for name, each in pages:
        with open(os.path.join(directory, f"{name}.1"), "w", encoding="utf-8") as file:
            file.write("\n".join(page(name, each, version, commands)) + "\n")


def page(name, command, version, commands):
    """The lines of one manual page."""
    is_top = name == "swiftlet"
    yield f'.TH {escaped(name.upper())} 1 "" "Swiftlet {version}" "Swiftlet"'
    yield ".SH NAME"
    yield f"{escaped(name)} \\- {escaped(uncapitalized(command['abstract']).rstrip('.'))}"
    yield ".SH SYNOPSIS"
    if is_top:
        yield "\\fBswiftlet\\fR \\fIcommand\\fR [\\fIoptions\\fR]"
    else:
        yield from synopses(command, "swiftlet")
    yield ".SH DESCRIPTION"
    yield from paragraphs(command.get("discussion") or command["abstract"])
    if shown(command):
        yield ".SH OPTIONS"
    yield from arguments(command)
    if is_top:
        yield ".SH COMMANDS"
        for each in commands:
            yield ".TP"
            yield f"\\fBswiftlet\\-{escaped(each['commandName'])}\\fR(1)"
            yield escaped(each["abstract"])
    else:
        for each in command.get("subcommands", []):
            yield f".SH {escaped(name.upper().replace('-', ' ') + ' ' + each['commandName'].upper())}"
            yield from paragraphs(each["abstract"])
            yield from paragraphs(each.get("discussion", ""))
            yield from arguments(each)
    yield ".SH FILES"
    yield ".TP"
    yield "/etc/swiftlet/swiftlet.env"
    yield "Settings, one \\fINAME\\fR=\\fIvalue\\fR a line."
    yield ".SH SEE ALSO"
    others = [f"swiftlet-{each['commandName']}" for each in commands] if is_top else ["swiftlet"]
    yield ",\n".join(f".BR {escaped(each)} (1)" for each in others)


def synopses(command, before):
    """A line for the command, or for each of its subcommands."""
    path = f"{before} {command['commandName']}"
    parts = command.get("subcommands", [])
    if not parts or shown(command, "positional"):
        yield synopsis(command, path)
    for each in parts:
        if each["commandName"] != "help":
            if parts.index(each) or shown(command, "positional"):
                yield ".br"
            yield synopsis(each, f"{path} {each['commandName']}")


def synopsis(command, path):
    words = [f"\\fB{escaped(path)}\\fR"]
    if shown(command, "option") or shown(command, "flag"):
        words.append("[\\fIoptions\\fR]")
    for each in shown(command, "positional"):
        word = f"\\fI{escaped(each['valueName'])}\\fR" + (" ..." if each["isRepeating"] else "")
        words.append(f"[{word}]" if each["isOptional"] else word)
    return " ".join(words)


def arguments(command):
    """Arguments and options; those that say the same stand together."""
    groups = {}
    for each in shown(command):
        if len(command.get("superCommands", [])) > 1 and each["valueName"] in ("help", "version"):
            continue  # The page has told these.
        groups.setdefault((each["kind"] == "positional", each.get("abstract", "")), []).append(each)
    for (_, abstract), group in groups.items():
        yield ".TP"
        yield ", ".join(face for each in group for face in faces(each))
        default = group[0].get("defaultValue")
        said = f" (default: {default})" if default and "default:" not in abstract else ""
        yield escaped((abstract or group[0]["valueName"]) + said)


def faces(argument):
    """How an argument is written, once for each of its names."""
    value = f"\\fI{escaped(argument['valueName'])}\\fR"
    if argument["kind"] == "positional":
        yield value
        return
    for name in argument["names"]:
        face = escaped(("--" if name["kind"] == "long" else "-") + name["name"])
        yield f"\\fB{face}\\fR" + (f" {value}" if argument["kind"] == "option" else "")


def shown(command, kind=None):
    return [
        each
        for each in command.get("arguments", [])
        if each["shouldDisplay"] and kind in (None, each["kind"])
    ]


def paragraphs(text):
    for index, each in enumerate(re.split(r"\n\s*\n", text.strip())):
        if index:
            yield ".PP"
        yield from (escaped(line.strip()) for line in each.split("\n"))


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`\n]+)`", r"\\fB\1\\fR", text)
    return "\\&" + text if text[:1] in (".", "'") else text


def uncapitalized(text):
    return text[:1].lower() + text[1:]


if __name__ == "__main__":
    main()
