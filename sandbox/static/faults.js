// "Неполадки": what a developer can break on purpose, and what is broken now.

import { api } from "./api.js";
import { button, h, icon, reconcile } from "./dom.js";

const LOOK_AGAIN = 2000;

const HELP =
  "Всё это и часы есть по HTTP: /sim/faults, /sim/down, /sim/limits, /sim/latency, /sim/clock, журнал вызовов /sim/calls. " +
  "Описание: docs/sandbox.md.";

const number = (name, label, value, more = {}) => ({ name, label, value, type: "number", min: 0, ...more });

/** kind: [what it is called, what else it takes]. */
const KINDS = {
  flood: ["429, слишком много запросов", number("retry_after", "Ждать, с", 5, { min: 1 })],
  blocked: ["403, бот заблокирован"],
  not_found: ["400, чат не найден"],
  bad_request: ["400 с описанием", { name: "description", label: "Описание", value: "Bad Request: something is wrong" }],
  conflict: ["409, другой опрос"],
  unauthorized: ["401, неверный токен"],
  migrate: ["Группа стала супергруппой", number("to", "Новый id", "", { min: undefined })],
  error: ["Ошибка сервера, JSON", number("code", "Код", 500, { min: 500, max: 599 })],
  html: ["Ошибка прокси, HTML", number("code", "Код", 502, { min: 500, max: 599 })],
  reset_before: ["Обрыв, сообщение не принято"],
  reset_after: ["Обрыв, сообщение принято"],
  stall: ["Ответ без конца, принято", number("seconds", "Держать, с", "")],
  stall_before: ["Молчание, не принято"],
  delay: ["Медленный ответ", number("seconds", "Задержка, с", 3, { step: 0.1 })],
};

const METHODS = [
  "sendMessage", "sendPhoto", "sendMediaGroup", "sendDocument", "editMessageText", "editMessageCaption",
  "editMessageMedia", "editMessageReplyMarkup", "deleteMessage", "answerCallbackQuery", "pinChatMessage",
  "setMessageReaction", "getUpdates", "getFile", "getMe",
];

export class FaultsPanel {
  /** failed(error): the server refused something. */
  constructor(world, { failed }) {
    Object.assign(this, { world, failed });
    this.node = document.getElementById("faults");
    this.badge = this.node.querySelector(".badge");
    this.list = h("ul", { class: "fault-list", "aria-label": "Действуют сейчас" });
    this.clear = button({ class: "text-button", "data-testid": "faults-clear", onclick: () => this.#do(api.clearFaults) }, "Убрать все");
    this.form = this.#drawForm();
    this.down = checkbox("Telegram недоступен", "down", (on) => this.#do(() => api.down(on)));
    this.limits = checkbox("Лимиты Telegram", "limits", (on) => this.#do(() => api.limit({ on })));
    this.refused = h("small", {});
    this.limits.append(this.refused);
    this.latency = field(number("latency", "Задержка каждого ответа, мс", 0, { step: 10 }));
    this.latency.input.addEventListener("change", (event) => this.#do(() => api.delay(Number(event.target.value))));
    const switches = h("div", { class: "fault-switches" }, this.down, this.limits, this.latency.node);
    this.body = h("div", { class: "faults-body" }, switches, this.list, this.clear, this.form,
      h("p", { class: "faults-help" }, HELP));
    this.node.addEventListener("toggle", () => this.#watch());
  }

  /** Asks what is broken now. */
  async refresh() {
    const asked = [api.faults(), api.isDown(), api.limits(), api.latency()];
    const [{ faults }, { down }, limits, latency] = await Promise.all(asked);
    this.#draw(faults, down, limits, latency);
  }

  // While the panel is open: a fault goes by itself once it has struck.
  async #watch() {
    clearTimeout(this.timer);
    if (!this.node.open) return this.body.remove();
    this.node.append(this.body);
    await this.refresh().catch((error) => console.warn(error));
    this.timer = setTimeout(() => this.#watch(), LOOK_AGAIN);
    return undefined;
  }

  async #do(act) {
    try {
      await act();
      await this.refresh();
    } catch (error) {
      this.failed(error);
    }
  }

  #draw(faults, down, limits, latency) {
    reconcile(this.list, faults.map((fault) => ({ key: fault.id, fault })), (item) => this.#faultView(item.fault));
    this.list.hidden = this.clear.hidden = !faults.length;
    this.down.input.checked = down;
    this.limits.input.checked = limits.on;
    this.refused.textContent = limits.refused ? ` отказов: ${limits.refused}` : "";
    if (document.activeElement !== this.latency.input) this.latency.input.value = latency.milliseconds;
    const active = faults.length + Number(down) + Number(limits.on) + Number(latency.milliseconds > 0);
    this.badge.textContent = active || "";
    this.badge.setAttribute("aria-label", `действует: ${active}`);
  }

  #faultView({ id }) {
    const text = h("span", {});
    const remove = () => this.#do(() => api.removeFault(id));
    const node = h("li", {}, text,
      button({ class: "icon-button", "aria-label": "Убрать неполадку", title: "Убрать", onclick: remove }, icon("close")));
    return { node, update: ({ fault }) => (text.textContent = this.#told(fault)) };
  }

  /** "429, слишком много запросов · sendMessage · Аня · ещё 2". */
  #told({ kind, method, chat_id: chat, times, skip }) {
    const left = times === null ? "пока не убрать" : `ещё ${times}`;
    const after = skip ? `пропустит ${skip}` : null;
    return [KINDS[kind]?.[0] ?? kind, method, chat && this.#nameOf(chat), after, left].filter(Boolean).join(" · ");
  }

  #nameOf(chat) {
    return this.world.person(chat)?.first_name ?? this.world.chats.get(chat)?.title ?? String(chat);
  }

  // The form

  #drawForm() {
    const kind = choice("kind", "Что случится", Object.entries(KINDS).map(([value, [label]]) => [value, label]));
    this.detail = h("div", { class: "fault-detail" });
    this.chats = choice("chat_id", "Чат", []);
    kind.input.addEventListener("change", () => this.#drawDetail(kind.input.value));
    this.node.addEventListener("toggle", () => this.#drawChats());
    this.#drawDetail(kind.input.value);
    const method = field({ name: "method", label: "Метод", placeholder: "любой", list: "bot-methods", autocomplete: "off" });
    const times = field(number("times", "Раз", 1, { placeholder: "всегда", min: 1 }));
    const skip = field(number("skip", "Пропустить", 0));
    return h("form", { class: "fault-form", onsubmit: (event) => this.#add(event) },
      kind.node, this.detail, method.node, this.chats.node, times.node, skip.node,
      h("datalist", { id: "bot-methods" }, METHODS.map((name) => h("option", { value: name }))),
      h("button", { type: "submit", class: "add-fault", "data-testid": "fault-add" }, "Добавить"));
  }

  #drawDetail(kind) {
    const asked = KINDS[kind][1];
    this.detail.replaceChildren(...(asked ? [field(asked).node] : []));
    this.detail.hidden = !asked;
  }

  #drawChats() {
    const chats = [...this.world.chats.keys()].map((id) => [String(id), this.#nameOf(id)]);
    const chosen = this.chats.input.value;
    this.chats.input.replaceChildren(...[["", "любой"], ...chats].map(option));
    this.chats.input.value = chosen;
  }

  #add(event) {
    event.preventDefault();
    const fault = {};
    for (const input of event.target.elements) if (input.name && input.value !== "") fault[input.name] = valueOf(input);
    if (!("times" in fault)) fault.times = null;
    this.#do(() => api.addFault(fault));
  }
}

const valueOf = ({ name, type, value }) => (type === "number" || name === "chat_id" ? Number(value) : value);

const option = ([value, label]) => h("option", { value }, label);

const field = ({ label, ...props }) => labelled(label, h("input", { type: "text", ...props }));

const choice = (name, label, options) => labelled(label, h("select", { name }, options.map(option)));

function labelled(label, input) {
  input.id = `fault-${input.name}`;
  return { input, node: h("div", { class: "field" }, h("label", { for: input.id }, label), input) };
}

function checkbox(label, testid, act) {
  const input = h("input", { type: "checkbox", role: "switch", "data-testid": testid, onchange: (event) => act(event.target.checked) });
  const node = h("label", { class: "switch" }, input, h("span", {}, label));
  return Object.assign(node, { input });
}
