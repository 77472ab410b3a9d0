// What happens inside a bubble without anybody else knowing.

/** Of the row in which the element stands; an album has that of its first message. */
export const messageIdOf = (element) => Number(element.closest("[data-message-id]").dataset.messageId);

export function reveal(bubble) {
  for (const spoiler of bubble.querySelectorAll(".spoiler")) spoiler.classList.add("open");
}

export function expand(button) {
  const open = button.parentElement.classList.toggle("open");
  button.textContent = open ? "Свернуть" : "Показать полностью";
  button.setAttribute("aria-expanded", String(open));
}

export function clickOnEnter(event) {
  const isButton = event.target.matches("[role=button]");
  if (!isButton || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  event.target.click();
}
