// What lies over the page for a moment: toasts, menus, dialogs. The browser closes menus and dialogs on Esc.

import { button, h, icon } from "./dom.js";

const TOAST_LASTS = 4000;
const MARGIN = 8;

export function toast(text) {
  const holder = document.getElementById("toasts");
  const node = h("div", { class: "toast", "data-testid": "toast" }, text);
  holder.replaceChildren(node);
  setTimeout(() => node.remove(), TOAST_LASTS);
}

/** True while a menu or a dialog is open, so that Esc is theirs. */
export const isCovered = () => document.querySelector("dialog[open], :popover-open") !== null;

function showDialog(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  return dialog;
}

export function showAlert(title, text) {
  const close = () => dialog.close();
  const named = { "aria-labelledby": "alert-title", "aria-describedby": "alert-text" };
  const dialog = h("dialog", { class: "dialog", role: "alertdialog", "data-testid": "alert", ...named },
    h("h2", { id: "alert-title" }, title),
    h("p", { id: "alert-text" }, text),
    h("div", { class: "dialog-buttons" }, button({ class: "text-button", onclick: close, autofocus: true }, "ОК")));
  return showDialog(dialog);
}

/** Shows one of some photos ([{url, caption?}]) large; arrows lead to the others. */
export function showPhotos(photos, start) {
  let at = start;
  const close = () => dialog.close();
  const image = h("img", { alt: "Фотография" });
  const words = h("p", { class: "photo-caption", "aria-live": "polite" });
  const turn = (step) => draw((at + step + photos.length) % photos.length);
  const turner = (name, label, step) =>
    button({ class: `photo-turn ${name}`, "aria-label": label, onclick: () => turn(step) }, icon(name));
  const turners = photos.length > 1 ? [turner("left", "Предыдущая", -1), turner("right", "Следующая", 1)] : [];
  const dialog = h("dialog", { class: "photo-dialog", "aria-label": "Фотография", "data-testid": "photo-dialog" },
    button({ class: "photo-close", "aria-label": "Закрыть", onclick: close, autofocus: true }, image), words, turners);
  dialog.addEventListener("keydown", ({ key }) => {
    if (photos.length > 1 && (key === "ArrowLeft" || key === "ArrowRight")) turn(key === "ArrowLeft" ? -1 : 1);
  });
  function draw(place) {
    at = place;
    image.src = photos[at].url;
    const number = photos.length > 1 ? `${at + 1} из ${photos.length}` : null;
    words.textContent = [number, photos[at].caption].filter(Boolean).join(" · ");
    words.hidden = !words.textContent;
  }
  draw(at);
  return showDialog(dialog);
}

/** Asks for a t.me link; onLink returns a sentence if it cannot be followed, else null. */
export function askForLink(example, onLink) {
  const typed = { type: "text", inputmode: "url", autocomplete: "off", placeholder: example };
  const named = { "aria-label": "Ссылка", "aria-describedby": "link-problem", "data-testid": "link-input" };
  const input = h("input", { ...typed, ...named });
  const problem = h("p", { id: "link-problem", class: "problem", role: "alert" });
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "link-title" },
    h("h2", { id: "link-title" }, "Открыть ссылку"),
    h("p", {}, "Вставьте ссылку на бота или канал, например из поста или от друга."),
    h("form", { method: "dialog", onsubmit: follow }, input, problem,
      h("div", { class: "dialog-buttons" },
        button({ class: "text-button", onclick: () => dialog.close() }, "Отмена"),
        button({ type: "submit", class: "text-button", "data-testid": "link-open" }, "Открыть"))));
  function follow(event) {
    event.preventDefault();
    problem.textContent = onLink(input.value) ?? "";
    if (!problem.textContent) dialog.close();
  }
  return showDialog(dialog);
}

/** A list of actions beside `anchor`: [{label, icon, act, checked?, danger?, testid?}]. */
export function openMenu(anchor, label, items) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label }, items.map(menuItem));
  menu.addEventListener("click", (event) => event.target.closest("button") && menu.hidePopover());
  menu.addEventListener("keydown", (event) => moveByArrows(event, [...menu.children]));
  showPopover(menu, anchor);
  menu.firstElementChild.focus();
}

function menuItem({ label, icon: name, act, checked, danger, testid }) {
  const role = checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": String(checked) };
  return button({ ...role, class: danger && "danger", "data-testid": testid, onclick: act },
    icon(name), h("span", {}, label), checked ? icon("check") : null);
}

/** Shows any popover beside its anchor, inside the window; it leaves the page when it closes. */
export function showPopover(popover, anchor) {
  document.body.append(popover);
  popover.addEventListener("toggle", (event) => {
    anchor.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") popover.remove();
  });
  popover.showPopover({ source: anchor });
  const spot = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const above = spot.bottom + height + MARGIN > innerHeight;
  popover.style.left = `${Math.max(MARGIN, Math.min(spot.right - width, innerWidth - width - MARGIN))}px`;
  popover.style.top = `${above ? Math.max(MARGIN, spot.top - height - MARGIN) : spot.bottom + MARGIN}px`;
  popover.classList.toggle("above", above);
}

/** Arrow keys, Home and End move the focus in a list of elements. */
export function moveByArrows(event, elements) {
  const at = elements.indexOf(document.activeElement);
  const last = elements.length - 1;
  const [next, previous] = [at >= last ? 0 : at + 1, at <= 0 ? last : at - 1];
  const ways = { ArrowDown: next, ArrowRight: next, ArrowUp: previous, ArrowLeft: previous, Home: 0, End: last };
  const target = ways[event.key];
  if (target === undefined || !elements.length) return;
  event.preventDefault();
  elements[target].focus();
}
