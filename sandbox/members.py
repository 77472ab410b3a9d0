"""The Bot API's ChatMember: who is what in a chat."""

from __future__ import annotations

from typing import Literal, assert_never

from .world import Chat, Content, Person

Status = Literal["administrator", "member", "left", "kicked"]

_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
)


def bot_member(user: Content, status: Status) -> Content:
    """The bot itself; as administrator it may do everything."""
    found: Content = {"user": user, "status": status}
    match status:
        case "administrator":
            return (
                found | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(_ADMIN_RIGHTS, True)
            )
        case "kicked":
            return found | {"until_date": 0}
        case "member" | "left":
            return found
        case _:
            assert_never(status)


def member(person: Person, chat: Chat) -> Content:
    """Somebody else; the first of a chat's members owns it."""
    found: Content = {"user": person.as_user()}
    if chat.type == "private":
        return found | {"status": "member" if person.id == chat.id else "left"}
    if person.id not in chat.members:
        return found | {"status": "left"}
    if person.id == chat.members[0]:
        return found | {"status": "creator", "is_anonymous": False}
    return found | {"status": "member"}
