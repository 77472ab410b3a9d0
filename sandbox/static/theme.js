// Light or dark: as the system has it, until somebody chooses.

import { icon } from "./dom.js";

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

export function restoreTheme() {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
}

export function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
}

export const onSystemTheme = (act) => prefersDark.addEventListener("change", act);

export function drawThemeButton() {
  const button = document.getElementById("theme");
  const label = isDark() ? "Светлая тема" : "Тёмная тема";
  button.replaceChildren(icon(isDark() ? "sun" : "moon"));
  button.setAttribute("aria-label", label);
  button.title = label;
}
