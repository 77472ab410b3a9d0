// Rows of a conversation: date separators and messages.

import { acting, avatar, button, colourOf, h, icon, setAttribute } from "./dom.js";
import { emojiCount, formatText } from "./format.js";
import { drawKeyboard, markWaiting } from "./keyboard.js";
import { clock, dayName, fullTime } from "./times.js";

const BOT_COLOUR = "colour-5";

/** A date between two days. */
export class DayRow {
  node = h("div", { class: "day" });

  update({ date }) {
    const name = dayName(date);
    if (this.node.textContent !== name) this.node.replaceChildren(h("span", {}, name));
  }
}

/** One message: avatar, bubble, keyboard. Each part is drawn anew only when it has changed. */
export class MessageRow {
  bubble = h("div", { class: "bubble" });
  keys = h("div", { class: "keyboard" });
  stack = h("div", { class: "stack" }, this.bubble, this.keys);
  side = h("div", { class: "side" });
  node = h("div", { role: "group" }, this.side, this.stack);
  #drawn = {};

  update(item) {
    const { message } = item;
    this.#setRow(item);
    this.#once("side", [item.showsAvatar], () => this.#drawSide(item));
    this.#once("body", [{ ...message, reply_markup: null }, item.title, item.ticks], () => this.#drawBody(item));
    const rows = message.reply_markup?.inline_keyboard ?? [];
    this.#once("keys", rows, () => drawKeyboard(this.keys, rows));
    markWaiting(this.keys, item.waiting);
  }

  #once(part, basis, draw) {
    const signature = JSON.stringify(basis);
    if (this.#drawn[part] === signature) return;
    this.#drawn[part] = signature;
    draw();
  }

  #setRow({ message, own, first, last, fresh }) {
    const shape = shapeOf(message);
    const keyboard = message.reply_markup?.inline_keyboard?.length ? "with-keyboard" : "";
    const drawnFresh = this.node.classList.contains("fresh") || (fresh && !this.node.isConnected);
    const classes = ["row", own ? "out" : "in", first && "first", last && "last", shape, keyboard, drawnFresh && "fresh"];
    this.node.className = classes.filter(Boolean).join(" ");
    setAttribute(this.node, "data-message-id", message.message_id ?? null);
    setAttribute(this.node, "aria-label", `${own ? "Вы" : (message.from?.first_name ?? "")}, ${clock(message.date)}`);
  }

  #drawSide({ message, showsAvatar }) {
    const { id = 0, first_name: name = "?", is_bot: isBot } = message.from ?? {};
    this.side.replaceChildren(...(showsAvatar ? [avatar(id, name, isBot ? "bot" : "")] : []));
  }

  #drawBody({ message, title, ticks }) {
    const text = message.text ?? message.caption ?? "";
    const colour = message.from?.is_bot ? BOT_COLOUR : colourOf(message.from?.id ?? 0);
    const name = title && h("div", { class: `sender ${colour}` }, title);
    const body = h("div", { class: "text" }, formatText(text, message.entities), drawMeta(message, ticks));
    this.bubble.replaceChildren(...[name, drawMedia(message), body].filter(Boolean));
    const retry = button({ class: "retry", ...acting("retry", message.key) }, "Не отправлено. Повторить");
    if (message.state === "failed") this.bubble.append(retry);
    requestAnimationFrame(() => dropNeedlessExpanders(this.bubble));
  }
}

function shapeOf(message) {
  if (message.sticker) return "sticker";
  if (message.photo) return (message.caption ?? "") === "" ? "photo only" : "photo";
  const count = emojiCount(message.text);
  return count ? `emoji emoji-${count}` : "";
}

function drawMedia({ sticker, photo }) {
  if (sticker) return h("div", { class: "big", role: "img", "aria-label": "Стикер" }, sticker.emoji ?? sticker);
  if (!photo) return null;
  if (!photo.url) return h("div", { class: "photo-frame waiting" });
  const { url, width, height } = photo;
  const image = h("img", { src: url, width, height, alt: "Фотография", loading: "lazy" });
  return button({ class: "photo-frame", "aria-label": "Открыть фотографию", ...acting("photo", url) }, image);
}

const TICKS = {
  sending: ["clock", "отправляется"],
  failed: ["alert", "не отправлено"],
  sent: ["check", "доставлено"],
  seen: ["checks", "прочитано"],
};

function drawMeta(message, ticks) {
  const [name, label] = TICKS[ticks] ?? [];
  const { date, edit_date: edited } = message;
  return h("span", { class: "meta" },
    edited ? h("span", { title: `Изменено: ${fullTime(edited)}` }, "изменено") : null,
    h("time", { datetime: new Date(date * 1000).toISOString(), title: fullTime(date) }, clock(date)),
    name ? h("span", { class: `ticks ${ticks}`, role: "img", "aria-label": label, title: label }, icon(name)) : null);
}

function dropNeedlessExpanders(bubble) {
  for (const quote of bubble.querySelectorAll("blockquote.expandable")) {
    const text = quote.querySelector(".quoted");
    const fits = text.scrollHeight <= text.clientHeight + 2;
    if (fits && !quote.classList.contains("open")) quote.querySelector(".expander").hidden = true;
  }
}

/** One line about a message, for the list of chats. */
export function summary(message) {
  if (message.sticker) return `${message.sticker.emoji ?? message.sticker} Стикер`;
  const text = (message.text ?? message.caption ?? "").replace(/\s+/g, " ");
  return message.photo ? `🖼 ${text || "Фотография"}` : text;
}
