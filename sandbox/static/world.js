// What the page knows: people, chats, messages, who has read what. No drawing here.

import { api } from "./api.js";

export const TYPING_LASTS = 5000;

export class World {
  bot = { id: 0, username: "", first_name: "", commands: [], scoped_commands: [] };
  people = [];
  chats = new Map();
  blocked = new Set();
  pending = [];
  #nextPending = 1;

  constructor(clock) {
    this.clock = clock;
  }

  /** Unix time in this Telegram. */
  now() {
    return this.clock.now();
  }

  /** Fetches everything; returns the number of the event to go on from. */
  async load() {
    await this.loadState();
    const events = await Promise.all([...this.chats.values()].map((chat) => this.#loadChat(chat)));
    return Math.min(...events);
  }

  async loadState() {
    const [state, time] = await Promise.all([api.state(), api.clock()]);
    this.clock.take(time);
    this.bot = { commands: [], scoped_commands: [], ...state.bot };
    this.people = state.people;
    this.blocked = new Set(state.people.filter((person) => person.blocked).map((person) => person.id));
    this.#nameChats(state.chats);
  }

  #nameChats(shared) {
    const own = this.people.map(({ id }) => ({ id, type: "private", title: this.bot.first_name }));
    const known = this.chats;
    this.chats = new Map();
    for (const chat of [...own, ...shared.filter((chat) => chat.type !== "private")]) {
      const fresh = { messages: new Map(), event: 0, typingUntil: 0, seenUpTo: 0, newestSeen: 0 };
      this.chats.set(chat.id, { ...(known.get(chat.id) ?? fresh), ...chat, sorted: null });
    }
  }

  async #loadChat(chat) {
    const { messages, event } = await api.messages(chat.id);
    const rowKey = (id) => chat.messages.get(id)?.rowKey;
    const standing = messages.filter((message) => !message.deleted);
    chat.messages = new Map(standing.map((m) => [m.message_id, { ...m, rowKey: rowKey(m.message_id) }]));
    chat.event = event;
    chat.sorted = null;
    chat.newestSeen = Math.max(0, ...messages.map((m) => m.message_id));
    this.pending = this.pending.filter((p) => p.chat_id !== chat.id || !(p.message_id <= chat.newestSeen));
    return event;
  }

  /** Takes one event of the stream; false if it was known already. */
  apply(event) {
    const chat = this.chats.get(event.chat_id);
    if (chat && event.message && event.n <= chat.event) return false;
    if (event.type === "delete") this.#drop(chat, event.message?.message_id ?? event.message_id);
    else if (event.message) this.put(event.chat_id, event.message);
    if (event.type === "clock") this.clock.take(event);
    if (event.type === "chat_action" && chat) this.#typing(chat);
    if (event.type === "blocked") this.blocked.add(event.person);
    if (event.type === "unblocked") this.blocked.delete(event.person);
    return true;
  }

  put(chatId, message) {
    const chat = this.chats.get(chatId);
    if (!chat) return;
    if (message.deleted) return this.#drop(chat, message.message_id);
    const known = chat.messages.get(message.message_id);
    if (known && (known.edits ?? 0) > (message.edits ?? 0)) return;
    const rowKey = known ? known.rowKey : this.#arrived(chat, message);
    chat.messages.set(message.message_id, { ...message, rowKey });
    chat.sorted = null;
  }

  // The row of a message that was drawn while it was on its way stays the same row.
  #arrived(chat, message) {
    if (message.from?.is_bot) chat.typingUntil = 0;
    chat.newestSeen = Math.max(chat.newestSeen, message.message_id);
    const twin = this.pending.find((pending) => pending.chat_id === chat.id && isTwin(pending, message));
    if (twin) this.dropPending(twin);
    return twin?.key;
  }

  #drop(chat, messageId) {
    chat?.messages.delete(messageId);
    if (chat) chat.sorted = null;
  }

  #typing(chat) {
    chat.typingUntil = Date.now() + TYPING_LASTS;
    chat.seenUpTo = this.messagesOf(chat.id).at(-1)?.message_id ?? 0;
  }

  addPending(chatId, person, content) {
    const key = `pending-${this.#nextPending++}`;
    const from = { id: person.id, first_name: person.first_name, is_bot: false };
    const message = { key, chat_id: chatId, from, date: this.now(), state: "sending", content, ...content };
    this.pending.push(message);
    return message;
  }

  /** The server took it; the message itself comes by the stream, which may have been faster. */
  confirmPending(pending, message) {
    const chat = this.chats.get(pending.chat_id);
    if (chat.newestSeen >= message.message_id) this.dropPending(pending);
    else Object.assign(pending, { message_id: message.message_id, state: "sent" });
  }

  dropPending(message) {
    this.pending = this.pending.filter((other) => other !== message);
  }

  person(id) {
    return this.people.find((person) => person.id === id);
  }

  /** As Telegram chooses: the narrowest scope first, and in it the person's language. */
  commandsFor(person, chat) {
    const kind = chat.type === "private" ? "all_private_chats" : "all_group_chats";
    const fits = [
      ({ type, chat_id: id }) => type === "chat" && Number(id) === chat.id,
      ({ type }) => type === kind,
      ({ type }) => type === "default",
    ];
    const languages = [person.language_code, ""];
    const set = fits.flatMap((fit) => languages.map((language) => this.bot.scoped_commands
      .find((each) => fit(each.scope) && each.language_code === language)));
    return set.find(Boolean)?.commands ?? this.bot.commands;
  }

  chatsOf(person) {
    const seen = [...this.chats.values()].filter((chat) => canSee(person, chat));
    return seen.sort((a, b) => this.#newest(b) - this.#newest(a));
  }

  #newest(chat) {
    return this.messagesOf(chat.id).at(-1)?.date ?? 0;
  }

  messagesOf(chatId) {
    const chat = this.chats.get(chatId);
    if (!chat) return [];
    chat.sorted ??= [...chat.messages.values()].sort((a, b) => a.message_id - b.message_id);
    return chat.sorted;
  }

  pendingOf(chatId, personId) {
    return this.pending.filter((message) => message.chat_id === chatId && message.from.id === personId);
  }

  isTyping(chat) {
    return chat.typingUntil > Date.now();
  }

  /** The bot has certainly seen everything up to this message: it wrote or began to write after it. */
  seenByBot(chat) {
    const last = this.messagesOf(chat.id).findLast((message) => message.from?.is_bot);
    return Math.max(chat.seenUpTo, last?.message_id ?? 0);
  }

  unread(person, chat) {
    if (chat.type === "channel" && !isSubscribed(person, chat)) return 0;
    const mark = this.#readMark(person, chat);
    const messages = this.messagesOf(chat.id);
    const start = messages.findLastIndex((message) => message.message_id <= mark) + 1;
    return messages.slice(start).filter((message) => message.from?.id !== person.id).length;
  }

  allUnread(person) {
    return this.chatsOf(person).reduce((sum, chat) => sum + this.unread(person, chat), 0);
  }

  /** Returns whether there was anything new to mark. */
  markRead(person, chat) {
    const newest = this.messagesOf(chat.id).at(-1)?.message_id ?? 0;
    if (newest === this.#readMark(person, chat)) return false;
    localStorage.setItem(readKey(person, chat), String(newest));
    return true;
  }

  // A mark beyond the newest message was left by an earlier life of the server.
  #readMark(person, chat) {
    const mark = Number(localStorage.getItem(readKey(person, chat)) ?? 0);
    const newest = this.messagesOf(chat.id).at(-1)?.message_id ?? 0;
    return mark > newest ? 0 : mark;
  }
}

const readKey = (person, chat) => `read/${person.id}/${chat.id}`;

function isTwin(pending, message) {
  if (pending.message_id !== undefined) return pending.message_id === message.message_id;
  if (message.from?.id !== pending.from.id && message.from?.id !== pending.chat_id) return false;
  return pending.state === "sending" && sameContent(pending, message);
}

function sameContent(pending, message) {
  const essence = (m) => [m.text ?? m.caption ?? "", m.sticker?.emoji ?? m.sticker ?? "", Boolean(m.photo)].join();
  return !message.by_bot && essence(pending) === essence(message);
}

function canSee(person, chat) {
  if (chat.type === "private") return chat.id === person.id;
  if (chat.type === "channel") return true;
  return chat.members.includes(person.id);
}

export const isSubscribed = (person, chat) => chat.members.includes(person.id);

/** In a channel only its owner writes, who is the first of its members. */
export function canWrite(person, chat) {
  return chat.type !== "channel" || chat.members[0] === person.id;
}

export const isOwn = (person, chat, message) => chat.type !== "channel" && message.from?.id === person.id;
