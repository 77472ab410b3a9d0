// The page as a whole: ties what is known, what is drawn and what a person does together.

import { api } from "./api.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { icon } from "./dom.js";
import { specOf } from "./keyboard.js";
import { readLink } from "./links.js";
import { Live } from "./live.js";
import { askForLink, isCovered, openMenu, showAlert, showPhoto, toast } from "./overlays.js";
import { correctAddress, isDark, onSystemTheme, readAddress, restoreTheme, toggleTheme, visit } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { Taps } from "./taps.js";
import { TYPING_LASTS, World } from "./world.js";

class App {
  #drawing = false;
  person = null;
  chat = null;
  online = false;

  constructor() {
    this.root = document.getElementById("app");
    this.world = new World();
    this.taps = new Taps({ changed: () => this.redraw(), answered: (answer) => this.#showAnswer(answer) });
    this.conversation = new Conversation(this.world, this.taps);
    this.conversation.onRead = () => this.redraw();
    this.sidebar = new Sidebar(this.world, { pickPerson: (id) => this.pickPerson(id), openChat: (id) => this.openChat(id) });
    this.composer = new Composer({ send: (content) => this.send(content), commands: () => this.world.bot.commands });
    this.live = new Live({ load: () => this.#load(), apply: (event) => this.#take(event), status: (on) => this.#setOnline(on) });
  }

  start() {
    restoreTheme();
    drawThemeButton();
    for (const holder of document.querySelectorAll("[data-icon]")) holder.prepend(icon(holder.dataset.icon));
    this.#listen();
    this.live.start();
  }

  // What arrives

  async #load() {
    const event = await this.world.load();
    this.#followAddress();
    return event;
  }

  #take(event) {
    // Somebody, or a group, that came into being after the page was opened.
    if (event.chat_id && !this.world.chats.has(event.chat_id)) return this.live.restart();
    if (event.type === "callback_answer") this.taps.take(event);
    if (event.type === "commands") this.#refreshState();
    if (event.type === "chat_action") setTimeout(() => this.redraw(), TYPING_LASTS);
    if (this.world.apply(event)) this.redraw();
    return undefined;
  }

  async #refreshState() {
    await this.#attempt(() => this.world.loadState());
    this.#followAddress();
  }

  #setOnline(online) {
    this.online = online;
    if (!online) this.taps.forget();
    document.getElementById("offline").hidden = online;
    this.redraw();
  }

  #showAnswer({ text, show_alert: alert, url }) {
    if (url) this.follow(url);
    if (!text) return;
    if (alert) showAlert(this.world.bot.first_name, text);
    else toast(text);
  }

  // Where we are

  #followAddress() {
    const address = readAddress();
    const fresh = !this.world.person(address.person);
    this.person = this.world.person(address.person) ?? this.world.people[0];
    const visible = this.world.chatsOf(this.person);
    this.chat = visible.find((chat) => chat.id === (fresh ? this.person.id : address.chat)) ?? null;
    correctAddress(this.person.id, this.chat?.id);
    this.#enter();
    this.redraw();
  }

  #enter() {
    const chat = this.chat?.id;
    this.root.dataset.view = chat ? "chat" : "list";
    if (chat) this.composer.moveTo(`${this.person.id}/${chat}`);
    document.getElementById("chat-body").inert = !chat;
  }

  pickPerson(id) {
    const person = this.world.person(id);
    const sees = this.world.chatsOf(person).some((chat) => chat.id === this.chat?.id);
    visit(id, sees ? this.chat.id : this.#isNarrow() && !this.chat ? null : id);
  }

  openChat(id) {
    visit(this.person.id, id);
    if (!this.#isNarrow()) requestAnimationFrame(() => this.composer.focus());
  }

  #isNarrow() {
    return matchMedia("(max-width: 719px)").matches;
  }

  close() {
    const left = this.chat?.id;
    visit(this.person.id, null);
    requestAnimationFrame(() => this.sidebar.focusChat(left));
  }

  redraw() {
    if (this.#drawing || !this.person) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw() {
    // After a reload of the state the objects are new ones.
    this.person = this.world.person(this.person.id) ?? this.world.people[0];
    this.chat = (this.chat && this.world.chats.get(this.chat.id)) ?? null;
    this.conversation.draw(this.person, this.chat, this.online);
    this.sidebar.draw(this.person, this.chat);
    const unread = this.world.chatsOf(this.person).reduce((sum, chat) => sum + this.world.unread(this.person, chat), 0);
    document.title = `${unread ? `(${unread}) ` : ""}${this.chat?.title ?? "Чаты"} · ${this.person.first_name}`;
  }

  // What a person does

  async #attempt(act) {
    try {
      return await act();
    } catch (error) {
      toast(error.message);
      return null;
    }
  }

  async send(content) {
    const pending = this.world.addPending(this.chat.id, this.person, content);
    this.redraw();
    this.conversation.toBottom();
    await this.#deliver(pending);
  }

  async #deliver(pending) {
    pending.state = "sending";
    try {
      const { message } = await api.send(pending.chat_id, pending.from.id, pending.content);
      this.world.confirmPending(pending, message);
    } catch (error) {
      pending.state = "failed";
      toast(error.message);
    }
    this.redraw();
  }

  follow(text) {
    const link = readLink(text, this.world);
    if (link.kind === "refused") return "Такую ссылку открыть нельзя: нужна вида https://t.me/…";
    if (link.kind === "outside") window.open(link.url, "_blank", "noopener,noreferrer");
    else this.#goInside(link);
    return null;
  }

  #goInside({ kind, chat, url }) {
    if (kind === "chat") return this.openChat(chat);
    this.openChat(this.person.id);
    if (kind === "start") this.#attempt(() => api.follow(this.person.id, url));
  }

  async copy(text) {
    await copyText(text);
    toast("Скопировано");
  }

  press(button) {
    const spec = specOf(button);
    const messageId = Number(button.closest("[data-message-id]").dataset.messageId);
    if (button.dataset.kind === "url") return this.#followOrSay(spec.url ?? spec.web_app?.url ?? spec.login_url?.url);
    if (button.dataset.kind === "copy") return this.copy(spec.copy_text.text ?? spec.copy_text);
    if (button.getAttribute("aria-busy")) return null;
    return this.#attempt(() => this.taps.tap(this.chat.id, this.person.id, messageId, spec.callback_data));
  }

  #followOrSay(url) {
    const problem = this.follow(url);
    if (problem) toast(problem);
  }

  act(name, value, element) {
    const acts = {
      reveal: () => element.closest(".bubble").querySelectorAll(".spoiler").forEach((spoiler) => spoiler.classList.add("open")),
      copy: () => this.copy(value),
      expand: () => expand(element),
      link: () => this.#followOrSay(value),
      command: () => this.send({ text: value }),
      photo: () => showPhoto(value),
      retry: () => this.#deliver(this.world.pending.find((message) => message.key === value)),
    };
    acts[name]();
  }

  openChatMenu(anchor) {
    const link = { label: "Открыть ссылку…", icon: "link", testid: "menu-link", act: () => this.askForLink() };
    const items = this.chat.type === "private" ? this.#botMenu() : [];
    openMenu(anchor, "Меню чата", [...items, link]);
  }

  #botMenu() {
    const { id, language_code: code } = this.person;
    const blocked = this.world.blocked.has(id);
    const speak = (language) => this.#attempt(() => api.language(id, language).then(() => this.#refreshState()));
    return [
      { label: "Начать заново (/start)", icon: "restart", testid: "menu-restart", act: () => this.send({ text: "/start" }) },
      { label: "Язык: русский", icon: "language", checked: code !== "en", testid: "menu-ru", act: () => speak("ru") },
      { label: "Language: English", icon: "language", checked: code === "en", testid: "menu-en", act: () => speak("en") },
      blocked
        ? { label: "Разблокировать бота", icon: "check", testid: "menu-unblock", act: () => this.setBlocked(false) }
        : { label: "Заблокировать бота", icon: "block", danger: true, testid: "menu-block", act: () => this.setBlocked(true) },
    ];
  }

  setBlocked(blocked) {
    return this.#attempt(() => (blocked ? api.block : api.unblock)(this.person.id));
  }

  askForLink() {
    askForLink(`https://t.me/${this.world.bot.username}?start=…`, (text) => this.follow(text));
  }

  // Listening

  #listen() {
    const on = (id, act) => document.getElementById(id).addEventListener("click", (event) => act(event.currentTarget));
    on("back", () => this.close());
    on("chat-menu", (button) => this.openChatMenu(button));
    on("open-link", () => this.askForLink());
    on("theme", () => (toggleTheme(), drawThemeButton()));
    on("start", () => this.send({ text: "/start" }));
    on("unblock", () => this.setBlocked(false));
    const log = document.getElementById("log");
    log.addEventListener("click", (event) => this.#clicked(event));
    log.addEventListener("keydown", (event) => clickOnEnter(event));
    addEventListener("keydown", (event) => this.#key(event));
    addEventListener("hashchange", () => this.world.people.length && this.#followAddress());
    addEventListener("storage", () => this.redraw());
    document.addEventListener("visibilitychange", () => this.redraw());
    onSystemTheme(drawThemeButton);
  }

  #clicked(event) {
    const key = event.target.closest(".key");
    if (key) return this.press(key);
    const element = event.target.closest("[data-act]");
    if (!element) return null;
    event.preventDefault();
    return this.act(element.dataset.act, element.dataset.value, element);
  }

  #key(event) {
    const digit = event.altKey && /^Digit([1-9])$/.exec(event.code);
    const person = digit && this.world.people[digit[1] - 1];
    if (person) {
      event.preventDefault();
      this.pickPerson(person.id);
    } else if (event.key === "Escape" && this.chat && !isCovered()) this.close();
    else if (this.#beginsText(event)) this.composer.focus();
  }

  /** A letter typed anywhere goes into the composer, as in Telegram's desktop client. */
  #beginsText(event) {
    const plain = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    return plain && !isCovered() && this.chat && !event.target.closest("input, textarea");
  }
}

function expand(button) {
  const open = button.parentElement.classList.toggle("open");
  button.textContent = open ? "Свернуть" : "Показать полностью";
  button.setAttribute("aria-expanded", String(open));
}

function clickOnEnter(event) {
  const isButton = event.target.matches("[role=button]");
  if (!isButton || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  event.target.click();
}

/** The clipboard's own interface exists only on https and on this machine; elsewhere the old way works. */
async function copyText(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}

function drawThemeButton() {
  const button = document.getElementById("theme");
  const label = isDark() ? "Светлая тема" : "Тёмная тема";
  button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  button.setAttribute("aria-label", label);
  button.title = label;
}

new App().start();
