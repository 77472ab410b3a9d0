// Rows of a conversation: date separators and messages.

import { avatar, colourOf, h, icon, setAttribute } from "./dom.js";
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
    this.#once("keys", [message.reply_markup], () => drawKeyboard(this.keys, message.reply_markup?.inline_keyboard ?? []));
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
    this.node.className = ["row", own ? "out" : "in", first && "first", last && "last", shape, keyboard, drawnFresh && "fresh"]
      .filter(Boolean)
      .join(" ");
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
    const body = h("div", { class: "text" }, formatText(text, message.entities ?? message.caption_entities), drawMeta(message, ticks));
    this.bubble.replaceChildren(...[name, drawMedia(message), body].filter(Boolean));
    if (message.state === "failed") this.bubble.append(h("button", { type: "button", class: "retry", "data-act": "retry", "data-value": message.key }, "Не отправлено. Повторить"));
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
  const image = h("img", { src: photo.url, width: photo.width, height: photo.height, alt: "Фотография", loading: "lazy" });
  return h("button", { type: "button", class: "photo-frame", "aria-label": "Открыть фотографию", "data-act": "photo", "data-value": photo.url }, image);
}

const TICKS = {
  sending: ["clock", "отправляется"],
  failed: ["alert", "не отправлено"],
  sent: ["check", "доставлено"],
  seen: ["checks", "прочитано"],
};

function drawMeta(message, ticks) {
  const [name, label] = TICKS[ticks] ?? [];
  return h("span", { class: "meta" },
    message.edit_date ? h("span", { class: "edited", title: `Изменено: ${fullTime(message.edit_date)}` }, "изменено") : null,
    h("time", { datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date) }, clock(message.date)),
    name ? h("span", { class: `ticks ${ticks}`, role: "img", "aria-label": label, title: label }, icon(name)) : null);
}

function dropNeedlessExpanders(bubble) {
  for (const quote of bubble.querySelectorAll("blockquote.expandable")) {
    const text = quote.querySelector(".quoted");
    if (!quote.classList.contains("open") && text.scrollHeight <= text.clientHeight + 2) quote.querySelector(".expander").hidden = true;
  }
}

/** One line about a message, for the list of chats. */
export function summary(message) {
  if (message.sticker) return `${message.sticker.emoji ?? message.sticker} Стикер`;
  const text = (message.text ?? message.caption ?? "").replace(/\s+/g, " ");
  return message.photo ? `🖼 ${text || "Фотография"}` : text;
}
