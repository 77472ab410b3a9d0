// Who this tab is, where it looks, and in which colours.
// The address carries the first two, so two tabs can be two people.

/** "#1001/-1002" is person 1001 in chat -1002; without a chat the list of chats is shown. */
export function readAddress() {
  const [person, chat] = location.hash.slice(1).split("/").map(Number);
  return { person: person || null, chat: chat || null };
}

const addressOf = (person, chat) => `#${person}${chat ? `/${chat}` : ""}`;

export function visit(person, chat) {
  location.hash = addressOf(person, chat);
}

export function correctAddress(person, chat) {
  history.replaceState(null, "", addressOf(person, chat));
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");

export function isDark() {
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
