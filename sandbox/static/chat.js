// The page as a whole: ties what is known, what is drawn and what a person does together.

import { api } from "./api.js";
import { clickOnEnter, expand, messageIdOf, reveal } from "./bubble.js";
import { copyText } from "./clipboard.js";
import { ClockPanel, SimClock } from "./clock.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { h, icon } from "./dom.js";
import { FaultsPanel } from "./faults.js";
import { specOf } from "./keyboard.js";
import { readLink } from "./links.js";
import { Live } from "./live.js";
import { askForLink, isCovered, openMenu, showAlert, showPhotos, showPopover, toast } from "./overlays.js";
import { chosenReaction, pickReaction } from "./reactions.js";
import { correctAddress, readAddress, visit } from "./session.js";
import { Sidebar } from "./sidebar.js";
import { drawThemeButton, onSystemTheme, restoreTheme, toggleTheme } from "./theme.js";
import { Taps } from "./taps.js";
import { dayOf } from "./times.js";
import { canWrite, TYPING_LASTS, World } from "./world.js";

const HIDDEN_PAUSE = 250;
const TICK = 1000;
// Events that change nothing in the state of people and chats.
const PASSING = new Set(["callback_answer", "chat_action", "blocked", "unblocked", "clock", "inline_answer"]);

class App {
  #drawing = false;
  #focusNext = null;
  person = null;
  chat = null;
  online = false;

  constructor() {
    this.root = document.getElementById("app");
    this.clock = new SimClock({ changed: () => this.redraw(), failed: (error) => toast(error.message) });
    this.clockPanels = [new ClockPanel(this.clock)];
    this.world = new World(this.clock);
    this.taps = new Taps({ changed: () => this.redraw(), answered: (answer) => this.#showAnswer(answer) });
    this.conversation = new Conversation(this.world, this.taps);
    this.conversation.onRead = (person, chat) => this.#read(person, chat);
    this.sidebar = new Sidebar(this.world, {
      pickPerson: (id) => this.pickPerson(id),
      openChat: (id) => this.openChat(id),
    });
    this.composer = new Composer({
      send: (content) => this.send(content),
      commands: () => this.world.commandsFor(this.person, this.chat),
    });
    this.faults = new FaultsPanel(this.world, { failed: (error) => toast(error.message) });
    this.live = new Live({
      load: () => this.#load(),
      apply: (event) => this.#take(event),
      status: (online) => this.#setOnline(online),
    });
  }

  start() {
    restoreTheme();
    drawThemeButton();
    for (const holder of document.querySelectorAll("[data-icon]")) holder.prepend(icon(holder.dataset.icon));
    document.getElementById("clock").append(this.clockPanels[0].node);
    this.#listen();
    this.live.start();
    setInterval(() => this.#tick(), TICK);
  }

  // What arrives

  async #load() {
    const event = await this.world.load();
    this.#followAddress();
    this.faults.refresh().catch((error) => console.warn(error));
    return event;
  }

  #take(event) {
    // Somebody, or a group, that came into being after the page was opened.
    if (event.chat_id && !this.world.chats.has(event.chat_id)) return this.live.restart();
    if (event.type === "callback_answer") this.taps.take(event);
    if (!event.message && !PASSING.has(event.type)) this.#refreshState();
    if (event.type === "chat_action") setTimeout(() => this.redraw(), TYPING_LASTS);
    if (this.world.apply(event)) this.redraw();
    return undefined;
  }

  async #refreshState() {
    await this.#attempt(() => this.world.loadState());
    this.#followAddress();
  }

  /** Every second; a new day changes the names of the days. */
  #tick() {
    for (const panel of this.clockPanels) panel.draw();
    const today = dayOf(this.clock.now());
    if (today !== this.today) this.redraw();
    this.today = today;
  }

  #read(person, chat) {
    if (chat.type === "channel") api.view(chat.id, person.id).catch((error) => console.warn(error));
    this.redraw();
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

  #go(person, chat) {
    visit(person, chat);
    this.#followAddress();
  }

  pickPerson(id) {
    const person = this.world.person(id);
    const sees = this.world.chatsOf(person).some((chat) => chat.id === this.chat?.id);
    this.#go(id, sees ? this.chat.id : this.#isNarrow() && !this.chat ? null : id);
  }

  openChat(id) {
    this.#go(this.person.id, id);
    if (!this.#isNarrow()) this.#focusNext = () => this.composer.focus();
  }

  #isNarrow() {
    return matchMedia("(max-width: 719px)").matches;
  }

  close() {
    const left = this.chat?.id;
    this.#go(this.person.id, null);
    this.#focusNext = () => this.sidebar.focusChat(left);
  }

  /** Draws once for all that happens until the next frame; a hidden tab has no frames, but a title to keep. */
  redraw() {
    if (this.#drawing || !this.person) return;
    this.#drawing = true;
    requestAnimationFrame(() => this.#draw());
    setTimeout(() => this.#draw(), HIDDEN_PAUSE);
  }

  #draw() {
    if (!this.#drawing) return;
    this.#drawing = false;
    // After a reload of the state the objects are new ones.
    this.person = this.world.person(this.person.id) ?? this.world.people[0];
    this.chat = (this.chat && this.world.chats.get(this.chat.id)) ?? null;
    this.conversation.draw(this.person, this.chat, this.online);
    this.sidebar.draw(this.person, this.chat);
    this.#drawClock();
    const unread = this.world.allUnread(this.person);
    document.title = `${unread ? `(${unread}) ` : ""}${this.chat?.title ?? "Чаты"} · ${this.person.first_name}`;
    this.#focusNext?.();
    this.#focusNext = null;
  }

  #drawClock() {
    const { progress } = this.clock;
    for (const panel of this.clockPanels) panel.draw();
    const watching = document.getElementById("watching");
    watching.hidden = progress === null;
    if (progress) watching.querySelector("span").textContent = `Остановить: день ${progress.passed} из ${progress.of}`;
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
    const messageId = messageIdOf(button);
    const url = spec.url ?? spec.web_app?.url;
    if (url) return this.#followOrSay(url);
    if (spec.copy_text) return this.copy(spec.copy_text.text);
    if (this.taps.waitingIn(this.chat.id, messageId).has(spec.callback_data)) return null;
    return this.#attempt(() => this.taps.tap(this.chat.id, this.person.id, messageId, spec.callback_data));
  }

  #followOrSay(url) {
    const problem = this.follow(url);
    if (problem) toast(problem);
  }

  act(name, value, element) {
    const acts = {
      reveal: () => reveal(element.closest(".bubble")),
      copy: () => this.copy(value),
      expand: () => expand(element),
      link: () => this.#followOrSay(value),
      command: () => canWrite(this.person, this.chat) && this.send({ text: value }),
      photo: () => this.#showPhoto(element),
      react: () => this.#react(messageIdOf(element), value),
      "pick-reaction": () => this.#pickReaction(element),
      retry: () => this.#deliver(this.world.pending.find((message) => message.key === value)),
    };
    acts[name]();
  }

  #showPhoto(element) {
    const photos = this.#partsOf(messageIdOf(element)).filter((part) => part.photo);
    const place = [...element.parentElement.querySelectorAll(":scope > .photo-frame")].indexOf(element);
    showPhotos(photos.map(({ photo, caption }) => ({ url: photo.url, caption })), place);
  }

  // An album's row bears the id of its first message.
  #partsOf(messageId) {
    const { messages } = this.chat;
    const group = messages.get(messageId).media_group_id;
    const together = this.world.messagesOf(this.chat.id).filter((message) => message.media_group_id === group);
    return group === undefined ? [messages.get(messageId)] : together;
  }

  #pickReaction(anchor) {
    const messageId = messageIdOf(anchor);
    const mine = chosenReaction(this.person, this.chat.messages.get(messageId));
    pickReaction(anchor, mine, (emoji) => this.#react(messageId, emoji));
  }

  /** The same one again takes it back. */
  #react(messageId, emoji) {
    const { person, chat } = this;
    const wanted = chosenReaction(person, chat.messages.get(messageId)) === emoji ? null : emoji;
    return this.#attempt(() => api.react(chat.id, person.id, messageId, wanted));
  }

  setSubscribed(subscribed) {
    const act = subscribed ? api.subscribe : api.unsubscribe;
    return this.#attempt(() => act(this.chat.id, this.person.id));
  }

  /** The sidebar's clock is out of sight on a phone. */
  #openClock(anchor) {
    const panel = new ClockPanel(this.clock);
    this.clockPanels[1] = panel;
    panel.draw();
    const popover = h("div", { class: "menu clock-popover", popover: "auto", role: "dialog", "aria-label": "Часы" }, panel.node);
    showPopover(popover, anchor);
    panel.node.querySelector("button").focus();
  }

  openChatMenu(anchor) {
    const link = { label: "Открыть ссылку…", icon: "link", testid: "menu-link", act: () => this.askForLink() };
    const items = this.chat.type === "private" ? [...this.#talkMenu(), this.#blockItem()] : [];
    openMenu(anchor, "Меню чата", [...items, link]);
  }

  #talkMenu() {
    const english = this.person.language_code === "en";
    const speak = (code) => () => this.#speak(code);
    return [
      { label: "Начать заново (/start)", icon: "restart", testid: "menu-restart", act: () => this.restart() },
      { label: "Язык: русский", icon: "language", testid: "menu-ru", checked: !english, act: speak("ru") },
      { label: "Language: English", icon: "language", testid: "menu-en", checked: english, act: speak("en") },
    ];
  }

  /** As the client's own button does: whoever had blocked the bot unblocks it by that. */
  async restart() {
    if (this.world.blocked.has(this.person.id)) await this.setBlocked(false);
    await this.send({ text: "/start" });
  }

  #blockItem() {
    const blocked = this.world.blocked.has(this.person.id);
    const act = () => this.setBlocked(!blocked);
    if (blocked) return { label: "Разблокировать бота", icon: "check", testid: "menu-unblock", act };
    return { label: "Заблокировать бота", icon: "block", testid: "menu-block", danger: true, act };
  }

  async #speak(code) {
    // At once, so that a menu opened before the answer shows it; a refusal is put right by the refresh.
    this.person.language_code = code;
    await this.#attempt(() => api.language(this.person.id, code));
    await this.#refreshState();
  }

  setBlocked(blocked) {
    return this.#attempt(() => (blocked ? api.block : api.unblock)(this.person.id));
  }

  askForLink() {
    askForLink(`https://t.me/${this.world.bot.username}?start=…`, (text) => this.follow(text));
  }

  // Listening

  #listen() {
    const on = (id, act) => {
      document.getElementById(id).addEventListener("click", (event) => act(event.currentTarget));
    };
    on("back", () => this.close());
    on("chat-menu", (button) => this.openChatMenu(button));
    on("open-link", () => this.askForLink());
    on("theme", () => (toggleTheme(), drawThemeButton()));
    on("start", () => this.send({ text: "/start" }));
    on("unblock", () => this.setBlocked(false));
    on("subscribe", () => this.setSubscribed(true));
    on("unsubscribe", () => this.setSubscribed(false));
    on("chat-clock", (button) => this.#openClock(button));
    on("watching", () => this.clock.stop());
    const log = document.getElementById("log");
    log.addEventListener("click", (event) => this.#clicked(event));
    log.addEventListener("contextmenu", (event) => this.#heldDown(event));
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

  /** A right click, or a finger held on a message, offers reactions, unless it was meant for the words or a link. */
  #heldDown(event) {
    const anchor = event.target.closest(".bubble")?.querySelector(".react-key");
    if (!anchor || event.target.closest("a") || String(getSelection())) return;
    event.preventDefault();
    this.#pickReaction(anchor);
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
    const letter = event.key.length === 1 && event.key !== " ";
    const shortcut = event.ctrlKey || event.metaKey || event.altKey;
    return letter && !shortcut && !isCovered() && this.chat && !event.target.closest("input, textarea");
  }
}

new App().start();
