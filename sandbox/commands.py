"""The bot's commands, for everybody or for some chats and languages."""

from __future__ import annotations

import json
import re

from .errors import bad_request
from .events import Log
from .params import Params
from .world import Content, World

MAX_COMMANDS = 100
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")


class Commands:
    """setMyCommands, getMyCommands, deleteMyCommands."""

    def __init__(self, world: World, events: Log) -> None:
        self._world = world
        self._events = events

    async def set(self, params: Params) -> bool:
        where = _where(params)
        commands = params.array("commands")
        if len(commands) > MAX_COMMANDS:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._world.commands[where] = [_command(each) for each in commands]
        return self._changed()

    async def get(self, params: Params) -> list[Content]:
        return self._world.commands.get(_where(params), [])

    async def delete(self, params: Params) -> bool:
        self._world.commands.pop(_where(params), None)
        return self._changed()

    def _changed(self) -> bool:
        self._events.add({"type": "commands"})
        return True


def _where(params: Params) -> str:
    """Scope and language as a key; the empty one means everybody."""
    scope, language = params.object("scope"), params.text("language_code")
    kind = str(scope.get("type", "default"))
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    if kind == "default" and not language:
        return ""
    return json.dumps([scope or {"type": "default"}, language], sort_keys=True)


def scoped_commands(world: World) -> list[Content]:
    """What is set for some only, as /sim shows it."""
    keys = ((json.loads(key), commands) for key, commands in world.commands.items() if key)
    return [
        {"scope": scope, "language_code": language, "commands": commands}
        for (scope, language), commands in keys
    ]


def _command(command: object) -> Content:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = str(command.get("command", "")), str(command.get("description", ""))
    if not name.isascii() or not name.replace("_", "a").isalnum() or name != name.lower() or len(name) > 32:
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
