// The open chat: its head, its messages, and what stands at the bottom.

import { avatar, h, reconcile } from "./dom.js";
import { gathered } from "./media.js";
import { DayRow, MessageRow } from "./messages.js";
import { PinnedBar } from "./pinned.js";
import { chosenReaction } from "./reactions.js";
import { dayOf, plural } from "./times.js";
import { canWrite, isOwn, isSubscribed } from "./world.js";

const WINDOW = 300;
const SLACK = 100;
const NEAR = 60;
const SAME_RUN = 600;

export class Conversation {
  #first = 0;
  #sticks = true;
  #lastTop = 0;

  constructor(world, taps) {
    Object.assign(this, { world, taps, person: null, chat: null });
    this.head = document.getElementById("chat-head");
    this.log = document.getElementById("log");
    this.rows = document.getElementById("rows");
    this.jump = document.getElementById("jump");
    this.welcome = document.getElementById("welcome");
    this.pinned = new PinnedBar((id) => this.showMessage(id));
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.jump.addEventListener("click", () => this.toBottom());
    new ResizeObserver(() => this.#sticks && this.#jumpToBottom()).observe(this.log);
    new ResizeObserver(() => this.#sticks && this.#jumpToBottom()).observe(this.rows);
  }

  draw(person, chat, online) {
    const moved = chat !== null && (person.id !== this.person?.id || chat.id !== this.chat?.id);
    Object.assign(this, { person, chat });
    if (!chat) return;
    this.#drawHead(online);
    this.#drawPinned();
    if (moved) this.#open();
    else this.#drawKeepingPlace();
    this.#markRead();
    this.#drawBottom();
  }

  // Head

  #drawHead(online) {
    const { chat, head } = this;
    const [title, face] = [head.querySelector("h2"), head.querySelector(".head-face")];
    if (title.textContent !== chat.title) {
      title.textContent = chat.title;
      face.replaceChildren(avatar(chat.id, chat.title, chat.type === "private" ? "bot" : ""));
    }
    const typing = this.world.isTyping(chat);
    head.querySelector(".subtitle").textContent = !online ? "соединение…" : typing ? "печатает" : this.#about();
    head.classList.toggle("typing", online && typing);
  }

  #about() {
    const { chat, world } = this;
    if (chat.type === "private") return `бот @${world.bot.username}`;
    if (chat.type === "channel") return plural(chat.subscribers, "подписчик", "подписчика", "подписчиков");
    return `группа, ${plural(chat.members.length + 1, "участник", "участника", "участников")}`; // the bot is one
  }

  #drawPinned() {
    this.pinned.draw(this.chat.messages.get(this.chat.pinned) ?? null);
  }

  // Messages

  #open() {
    this.rows.replaceChildren();
    this.rows.views?.clear();
    this.#first = 0;
    this.#sticks = true;
    this.log.classList.toggle("group-chat", !["private", "channel"].includes(this.chat.type));
    this.log.setAttribute("aria-live", "off");
    this.#drawRows(false);
    this.#jumpToBottom();
    requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
  }

  #drawKeepingPlace() {
    if (this.#sticks) {
      const before = this.log.scrollHeight;
      this.#drawRows(true);
      if (this.log.scrollHeight !== before) this.#glideToBottom();
      return;
    }
    // A day's name stays on top of what is put before it, so it holds nothing in place.
    const { scrollTop } = this.log;
    const anchor = [...this.rows.querySelectorAll(".row")].find((row) => row.offsetTop + row.offsetHeight > scrollTop);
    const offset = anchor ? anchor.offsetTop - scrollTop : 0;
    this.#drawRows(true);
    if (anchor?.isConnected) this.log.scrollTop = anchor.offsetTop - offset;
  }

  #drawRows(fresh) {
    const messages = gathered(this.#window());
    const items = messages.map((message, at) => this.#item(message, messages[at - 1], messages[at + 1], fresh));
    reconcile(this.rows, withDays(items, this.world.now()), (item) => (item.message ? new MessageRow() : new DayRow()));
    this.welcome.hidden = messages.length > 0;
  }

  /** The newest 300, and as many older ones as were scrolled to. */
  #window() {
    const all = this.world.messagesOf(this.chat.id);
    const shown = all.filter((message) => message.message_id >= this.#first);
    const tooMany = this.#sticks && shown.length > WINDOW + SLACK;
    if (this.#first === 0 || tooMany) this.#first = all.at(-WINDOW)?.message_id ?? 0;
    const start = this.#first ? all.findIndex((message) => message.message_id >= this.#first) : 0;
    return [...all.slice(Math.max(start, 0)), ...this.world.pendingOf(this.chat.id, this.person.id)];
  }

  #showOlder() {
    const all = this.world.messagesOf(this.chat.id);
    const start = all.findIndex((message) => message.message_id >= this.#first);
    if (this.#first === 0 || start <= 0) return;
    this.#first = all[Math.max(0, start - SLACK)].message_id;
    this.#drawKeepingPlace();
  }

  #item(message, before, after, fresh) {
    const { chat, person } = this;
    const own = isOwn(person, chat, message);
    const alone = chat.type === "channel";
    const first = alone || !before || !sameRun(before, message);
    const last = alone || !after || !sameRun(message, after);
    const isGroup = chat.type !== "private" && chat.type !== "channel";
    return {
      key: message.rowKey ?? message.key ?? message.message_id, message, own, first, last, fresh,
      title: first && !own && isGroup ? message.from?.first_name : null,
      mine: chosenReaction(person, message),
      showsAvatar: isGroup && !own && last,
      ticks: own ? (message.state ?? (message.message_id <= this.world.seenByBot(chat) ? "seen" : "sent")) : null,
      waiting: this.taps.waitingIn(chat.id, message.message_id),
    };
  }

  /** Goes to a message, however old, and lights it up for a moment. */
  showMessage(id) {
    const all = this.world.messagesOf(this.chat.id);
    const at = all.findIndex((message) => message.message_id === id);
    if (at < 0) return;
    if (id < this.#first) this.#first = all[Math.max(0, at - SLACK)].message_id;
    this.#sticks = false;
    this.#drawRows(false);
    const row = this.rows.querySelector(`[data-message-id="${id}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.classList.add("found");
    row?.addEventListener("animationend", () => row.classList.remove("found"), { once: true });
    this.#drawJump();
  }

  // Scrolling

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    if (near) this.#sticks = true;
    else if (scrollTop < this.#lastTop) this.#sticks = false;
    this.#lastTop = scrollTop;
    if (scrollTop < clientHeight) this.#showOlder();
    if (near) this.#markRead();
    this.#drawJump();
  }

  #jumpToBottom() {
    this.log.scrollTop = this.log.scrollHeight;
    // Its own event may come only after a person has scrolled up already: they are to be seen leaving from here.
    this.#lastTop = this.log.scrollTop;
  }

  #glideToBottom() {
    const far = this.log.scrollHeight - this.log.scrollTop > 3 * this.log.clientHeight;
    const still = far || matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: still ? "instant" : "smooth" });
  }

  toBottom() {
    this.#sticks = true;
    this.#glideToBottom();
    this.#markRead();
    this.#drawJump();
  }

  #markRead() {
    if (!this.chat || !this.#sticks || document.hidden) return;
    if (this.world.markRead(this.person, this.chat)) this.onRead(this.person, this.chat);
  }

  #drawJump() {
    const unread = this.chat ? this.world.unread(this.person, this.chat) : 0;
    this.log.classList.toggle("away", !this.#sticks);
    this.jump.classList.toggle("shown", !this.#sticks);
    this.jump.querySelector(".badge").textContent = unread || "";
    this.jump.setAttribute("aria-label", unread ? `Вниз, новых: ${unread}` : "Вниз");
  }

  // Bottom

  #drawBottom() {
    const { person, chat, world } = this;
    const isPrivate = chat.type === "private";
    const blocked = isPrivate && world.blocked.has(person.id);
    const empty = isPrivate && !world.messagesOf(chat.id).length && !world.pendingOf(chat.id, person.id).length;
    const writes = empty ? "start" : "composer";
    const bottom = blocked ? "unblock" : canWrite(person, chat) ? writes : readerButton(person, chat);
    const parts = document.querySelectorAll("#bottom > [data-bottom]");
    for (const part of parts) part.hidden = part.dataset.bottom !== bottom;
    document.getElementById("slash").hidden = !world.commandsFor(person, chat).length;
    this.#drawWelcome(empty);
    this.#drawJump();
  }

  #drawWelcome(empty) {
    const { bot } = this.world;
    const title = empty ? `Это ${bot.first_name}` : this.chat.title;
    const text = empty ? "Нажмите «Старт», чтобы начать разговор с ботом." : "Здесь пока нет сообщений.";
    if (this.welcome.textContent === title + text) return;
    this.welcome.replaceChildren(h("h3", {}, title), h("p", {}, text));
  }
}

const readerButton = (person, chat) => (isSubscribed(person, chat) ? "unsubscribe" : "subscribe");

function sameRun(one, other) {
  const close = other.date - one.date < SAME_RUN && dayOf(one.date) === dayOf(other.date);
  return close && one.from?.id === other.from?.id;
}

function withDays(items, now) {
  const rows = [];
  let day = null;
  for (const item of items) {
    const own = dayOf(item.message.date);
    if (own !== day) rows.push({ key: `day-${own}`, date: item.message.date, now });
    day = own;
    rows.push(item);
  }
  return rows;
}
