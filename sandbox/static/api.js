// The /sim side of the server: what a person's client can do.

export class SimError extends Error {}

async function request(method, path, body) {
  const response = await send(method, path, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new SimError(answer.error ?? `Сервер ответил ошибкой ${response.status}.`);
  return answer;
}

async function send(method, path, body) {
  const headers = body ? { "Content-Type": "application/json" } : {};
  try {
    return await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new SimError("Нет связи с локальным Telegram. Он ещё запущен?");
  }
}

const post = (path, body = {}) => request("POST", path, body);

export const api = {
  state: () => request("GET", "/sim/state"),
  messages: (chat) => request("GET", `/sim/chats/${chat}/messages?after_event=0`),
  send: (chat, from, content) => post(`/sim/chats/${chat}/send`, { from, ...content }),
  // The data of the button as it was drawn, as real clients send it: by now the message may look different.
  tap: (chat, from, message, data) => post(`/sim/chats/${chat}/tap`, { from, message_id: message, data }),
  follow: (person, url) => post(`/sim/people/${person}/follow`, { url }),
  block: (person) => post(`/sim/people/${person}/block`),
  unblock: (person) => post(`/sim/people/${person}/unblock`),
  language: (person, code) => post(`/sim/people/${person}/language`, { language_code: code }),

  react: (chat, person, message, emoji) => post(`/sim/chats/${chat}/react`, { person, message_id: message, emoji }),
  subscribe: (chat, person) => post(`/sim/chats/${chat}/subscribe`, { person }),
  unsubscribe: (chat, person) => post(`/sim/chats/${chat}/unsubscribe`, { person }),
  view: (chat, person) => post(`/sim/chats/${chat}/view`, { person }),

  clock: () => request("GET", "/sim/clock"),
  forward: (seconds, wait) => post("/sim/clock", { forward: seconds, wait }),

  faults: () => request("GET", "/sim/faults"),
  addFault: (fault) => post("/sim/faults", fault),
  removeFault: (id) => request("DELETE", `/sim/faults/${id}`),
  clearFaults: () => request("DELETE", "/sim/faults"),
  isDown: () => request("GET", "/sim/down"),
  down: (down) => post("/sim/down", { down }),
  limits: () => request("GET", "/sim/limits"),
  limit: (limits) => post("/sim/limits", limits),
  latency: () => request("GET", "/sim/latency"),
  delay: (milliseconds) => post("/sim/latency", { milliseconds }),
};
