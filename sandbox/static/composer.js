// The line at the bottom: text, commands, photos and stickers.

import { button, h } from "./dom.js";
import { openMenu, showPopover } from "./overlays.js";

const STICKERS = ["👍", "❤️", "😀", "😂", "🤔", "😢", "🎉", "🔥", "👋", "🙏", "💻", "🎓"];
const TALLEST = 160;

export class Composer {
  #drafts = new Map();
  #place = null;
  #chosen = -1;

  /** send(content) takes {text}, {photo, caption} or {sticker}; commands() lists the bot's. */
  constructor({ send, commands }) {
    Object.assign(this, { send, commands });
    this.form = document.getElementById("composer");
    this.input = this.form.querySelector("textarea");
    this.list = document.getElementById("commands");
    this.#listen();
  }

  #listen() {
    const { form, input } = this;
    form.addEventListener("submit", (event) => (event.preventDefault(), this.#submit()));
    input.addEventListener("input", () => this.#changed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#closeList());
    const slash = form.querySelector("#slash");
    slash.addEventListener("mousedown", (event) => event.preventDefault()); // a lost focus would close the list
    slash.addEventListener("click", () => this.#toggleList());
    form.querySelector("#attach").addEventListener("click", (event) => this.#attach(event.currentTarget));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    const commandAt = (event) => event.target.closest("[role=option]")?.dataset.command;
    this.list.addEventListener("click", (event) => this.#runCommand(commandAt(event)));
  }

  /** Keeps the draft of the place left, and brings back that of the place entered. */
  moveTo(place) {
    if (this.#place === place) return;
    if (this.#place) this.#drafts.set(this.#place, this.input.value);
    this.#place = place;
    this.input.value = this.#drafts.get(place) ?? "";
    this.#changed();
    this.#closeList();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.#clear();
    this.send({ text });
  }

  #clear() {
    this.input.value = "";
    this.#changed();
    this.focus();
  }

  #changed() {
    const { input, form } = this;
    form.classList.toggle("filled", input.value.trim() !== "");
    form.classList.toggle("drafting", /^[^/]/.test(input.value));
    input.style.height = "";
    const wanted = Math.min(input.scrollHeight, TALLEST);
    if (wanted > input.clientHeight) input.style.height = `${wanted}px`;
    this.#drawList();
  }

  // Commands

  #matching() {
    const typed = /^\/(\w*)$/.exec(this.input.value);
    return typed ? this.commands().filter(({ command }) => command.startsWith(typed[1].toLowerCase())) : [];
  }

  #toggleList() {
    const opens = this.list.hidden;
    this.input.value = opens ? "/" : this.input.value.replace(/^\/$/, "");
    this.focus();
    this.#changed();
    if (!opens) this.#closeList();
  }

  #drawList() {
    const found = this.#matching();
    this.#chosen = found.length ? 0 : -1;
    this.list.replaceChildren(...found.map(commandOption));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.#choose(this.#chosen);
  }

  #closeList() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #choose(index) {
    const options = [...this.list.children];
    this.#chosen = options.length ? (index + options.length) % options.length : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    const chosen = options[this.#chosen];
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.input.setAttribute("aria-activedescendant", chosen.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #runCommand(command) {
    if (!command) return;
    this.#clear();
    this.send({ text: `/${command}` });
  }

  // Keys

  #key(event) {
    if (event.isComposing) return;
    if (!this.list.hidden && this.#keyInList(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #keyInList(event) {
    const chosen = this.list.children[this.#chosen]?.dataset.command;
    const acts = {
      ArrowDown: () => this.#choose(this.#chosen + 1),
      ArrowUp: () => this.#choose(this.#chosen - 1),
      Enter: () => this.#runCommand(chosen),
      Tab: () => this.#complete(chosen),
      Escape: () => this.#closeList(),
    };
    if (!acts[event.key] || event.shiftKey) return false;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
    return true;
  }

  #complete(command) {
    this.input.value = `/${command} `;
    this.#changed();
  }

  // Photos and stickers

  #attach(anchor) {
    openMenu(anchor, "Прикрепить", [
      { label: "Фотография", icon: "photo", testid: "attach-photo", act: () => this.#sendPhoto() },
      { label: "Стикер", icon: "sticker", testid: "attach-sticker", act: () => this.#showStickers(anchor) },
    ]);
  }

  #sendPhoto() {
    const caption = this.input.value.trim();
    this.#clear();
    this.send(caption ? { photo: true, caption } : { photo: true });
  }

  #showStickers(anchor) {
    const pick = (sticker) => (panel.hidePopover(), this.send({ sticker }));
    const draw = (sticker) => button({ "aria-label": `Стикер ${sticker}`, onclick: () => pick(sticker) }, sticker);
    const named = { role: "group", "aria-label": "Стикеры" };
    const panel = h("div", { class: "menu stickers", popover: "auto", ...named }, STICKERS.map(draw));
    showPopover(panel, anchor);
    panel.firstElementChild.focus();
  }
}

function commandOption({ command, description }, index) {
  return h("div", { role: "option", id: `command-${index}`, "data-command": command },
    h("b", {}, `/${command}`), h("span", {}, description));
}
