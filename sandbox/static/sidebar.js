// The left side: who you are, and the chats this person sees.

import { avatar, button, h, icon, reconcile, setAttribute } from "./dom.js";
import { summary } from "./media.js";
import { moveByArrows } from "./overlays.js";
import { dayOf, shortTime } from "./times.js";
import { isOwn } from "./world.js";

const ROLES = { student: "студент", mentor: "ментор", moderator: "модератор" };
const CHAT_ICONS = { channel: "channel", group: "group", supergroup: "group" };
const MOST_SHOWN = 99;

const badgeText = (count) => (count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count));

export class Sidebar {
  constructor(world, { pickPerson, openChat }) {
    Object.assign(this, { world, pickPerson, openChat });
    this.people = document.getElementById("people");
    this.chats = document.getElementById("chats");
    const buttons = () => [...this.chats.querySelectorAll("button")];
    this.chats.addEventListener("keydown", (event) => moveByArrows(event, buttons()));
  }

  draw(person, chat) {
    reconcile(this.people, this.world.people.map((each, index) => this.#personItem(each, index, person)),
      (item) => new PersonView(() => this.pickPerson(item.id)));
    reconcile(this.chats, this.world.chatsOf(person).map((each) => this.#chatItem(each, person, chat)),
      (item) => new ChatView(item, () => this.openChat(item.id)));
  }

  #personItem(each, index, person) {
    const unread = this.world.allUnread(each);
    return { key: each.id, ...each, index, unread, active: each.id === person.id };
  }

  #chatItem(chat, person, open) {
    const last = this.world.messagesOf(chat.id).at(-1);
    return {
      key: chat.id, id: chat.id, title: chat.title, type: chat.type,
      last, author: authorOf(chat, last, person),
      now: this.world.now(), unread: this.world.unread(person, chat), typing: this.world.isTyping(chat), open: chat.id === open?.id,
      read: last && last.message_id <= this.world.seenByBot(chat),
      own: last && isOwn(person, chat, last),
    };
  }

  focusChat(id) {
    this.chats.querySelector(`[data-testid="chat-${id}"]`)?.focus();
  }
}

function authorOf(chat, last, person) {
  if (!last || chat.type === "channel") return "";
  if (isOwn(person, chat, last)) return "Вы: ";
  return chat.type === "private" ? "" : `${last.from?.first_name}: `;
}

class PersonView {
  constructor(act) {
    this.badge = h("span", { class: "badge" });
    this.name = h("span", { class: "person-name" });
    this.role = h("span", { class: "person-role" });
    this.face = h("span", { class: "person-face" });
    this.button = button({ class: "person", onclick: act }, this.face, this.name, this.role);
    this.node = this.button;
  }

  update({ id, first_name: name, role, index, unread, active }) {
    if (!this.face.children.length) this.face.append(avatar(id, name), this.badge);
    this.name.textContent = name;
    this.role.textContent = ROLES[role] ?? role;
    this.badge.textContent = unread ? badgeText(unread) : "";
    setAttribute(this.button, "data-testid", `person-${id}`);
    setAttribute(this.button, "aria-pressed", active);
    const news = unread ? `, непрочитанных: ${unread}` : "";
    setAttribute(this.button, "aria-label", `${name}, ${ROLES[role] ?? role}${news}`);
    setAttribute(this.button, "title", `Alt+${index + 1}`);
  }
}

class ChatView {
  constructor({ id, title, type }, act) {
    const sign = CHAT_ICONS[type] ? icon(CHAT_ICONS[type]) : null;
    this.title = h("span", { class: "chat-title" }, sign, h("span", {}, title));
    this.time = h("span", { class: "chat-time" });
    this.preview = h("span", { class: "chat-preview" });
    this.badge = h("span", { class: "badge" });
    this.button = button({ class: "chat", "data-testid": `chat-${id}`, onclick: act },
      avatar(id, title, type === "private" ? "bot" : ""), this.title, this.time, this.preview, this.badge);
    this.node = h("li", {}, this.button);
  }

  update(item) {
    setAttribute(this.button, "aria-current", item.open ? "true" : null);
    this.badge.textContent = item.unread ? badgeText(item.unread) : "";
    setAttribute(this.badge, "aria-label", item.unread ? `непрочитанных: ${item.unread}` : null);
    const signature = JSON.stringify([item.last, item.author, item.typing, item.read, dayOf(item.now)]);
    if (signature === this.signature) return;
    this.signature = signature;
    this.#drawPreview(item);
  }

  #drawPreview({ last, author, typing, read, own, now }) {
    this.preview.classList.toggle("typing", typing);
    if (typing) this.preview.replaceChildren("печатает…");
    else this.preview.replaceChildren(author && h("b", {}, author), last ? summary(last) : "Сообщений пока нет");
    const ticks = own ? icon(read ? "checks" : "check") : "";
    this.time.replaceChildren(ticks, last ? shortTime(last.date, now) : "");
  }
}
