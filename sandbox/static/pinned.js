// The bar under the head of a chat with the message pinned there.

import { summary } from "./media.js";

export class PinnedBar {
  constructor(jump) {
    this.node = document.getElementById("pinned");
    this.text = this.node.querySelector(".pinned-text");
    this.node.addEventListener("click", () => jump(this.message.message_id));
  }

  /** Shows this message, or nothing. */
  draw(message) {
    this.message = message;
    this.node.hidden = !message;
    if (message) this.text.textContent = summary(message);
  }
}
