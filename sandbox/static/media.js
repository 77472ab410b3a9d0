// What a message carries beside its text: photos, documents, stickers, and albums of them.

import { acting, button, h, icon } from "./dom.js";
import { fileSize } from "./times.js";

// How many photos stand in each row of an album.
const ROWS = {
  1: [1], 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [1, 3, 3], 8: [2, 3, 3], 9: [3, 3, 3], 10: [2, 2, 3, 3],
};

/** Messages as they are drawn: those of one album become one, whose `parts` are the messages themselves. */
export function gathered(messages) {
  const shown = [];
  for (const message of messages) {
    const before = shown.at(-1);
    if (isSameAlbum(before, message)) shown[shown.length - 1] = joined([...(before.parts ?? [before]), message]);
    else shown.push(message);
  }
  return shown;
}

const isSameAlbum = (one, other) => one?.media_group_id !== undefined && one.media_group_id === other.media_group_id;

function joined(parts) {
  const spoken = parts.find((part) => part.caption) ?? parts[0];
  const { edited, edit_date } = parts.find((part) => part.edited) ?? {};
  return { ...parts[0], caption: spoken.caption, entities: spoken.entities, edited, edit_date, parts };
}

/** The nodes of a message's media, in order; none for a text. */
export function drawMedia(message) {
  const parts = message.parts ?? [message];
  const photos = parts.filter((part) => part.photo);
  const files = parts.filter((part) => part.document);
  if (message.sticker) return [drawSticker(message.sticker)];
  if (photos.length > 1) return [drawAlbum(photos)];
  return [...photos.map(({ photo }) => drawPhoto(photo, "Открыть фотографию")), ...files.map(drawFile)];
}

function drawSticker(sticker) {
  return h("div", { class: "big", role: "img", "aria-label": "Стикер" }, sticker.emoji ?? sticker);
}

function drawPhoto({ url, width, height }, label) {
  if (!url) return h("div", { class: "photo-frame waiting" });
  const image = h("img", { src: url, width, height, alt: "Фотография", loading: "lazy" });
  return button({ class: "photo-frame", "aria-label": label, ...acting("photo") }, image);
}

function drawAlbum(photos) {
  const widths = spans(photos.length);
  const cells = photos.map(({ photo }, at) => drawPhoto(photo, `Открыть фотографию ${at + 1} из ${photos.length}`));
  cells.forEach((cell, at) => cell.setAttribute("data-span", widths[at]));
  return h("div", { class: "album" }, cells);
}

/** How many sixths of the width each photo takes. */
function spans(count) {
  const rows = ROWS[count] ?? Array(Math.ceil(count / 3)).fill(3);
  return rows.flatMap((inRow) => Array(inRow).fill(6 / inRow));
}

function drawFile({ document: { file_name: name, size, url } }) {
  const about = size === undefined ? null : fileSize(size);
  const label = `Скачать: ${[name, about].filter(Boolean).join(", ")}`;
  const text = h("span", { class: "file-text" }, h("span", { class: "file-name" }, name), h("span", { class: "file-size" }, about));
  const face = h("span", { class: "file-face" }, icon("file"), icon("download"));
  return h("a", { class: "file", href: url, download: name, "aria-label": label, title: label }, face, text);
}

/** The CSS class of a message by what it is made of. */
export function mediaShape({ sticker, photo, document, caption, reactions, parts }) {
  if (sticker) return "sticker";
  if (document) return "files";
  if (!photo) return "";
  const bare = (caption ?? "") === "" && !Object.keys(reactions ?? {}).length;
  return `photo${parts ? " of-album" : ""}${bare ? " only" : ""}`;
}

/** One line about a message, for the list of chats and the pinned message. */
export function summary(message) {
  if (message.sticker) return `${message.sticker.emoji ?? message.sticker} Стикер`;
  const text = (message.text ?? message.caption ?? "").replace(/\s+/g, " ");
  if (message.document) return `📎 ${text || message.document.file_name}`;
  if (message.photo) return `🖼 ${text || (message.media_group_id ? "Альбом" : "Фотография")}`;
  return text;
}
