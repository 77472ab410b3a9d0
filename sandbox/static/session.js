// Who this tab is and where it looks: the address says it, so two tabs can be two people.

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
