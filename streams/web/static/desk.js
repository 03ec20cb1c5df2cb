// Takes and silences alerts: one dialog for each act, filled in by the button that opens it, sent to the API.

const news = document.getElementById("news");
const AUTHOR = "nightwire-author"; // stays with this browser
const TOKEN = "nightwire-token"; // stays with this tab
const DONE = { ack: "The alert is taken.", silence: "The silence has begun.", end: "The silence has ended." };

document.documentElement.classList.add("js");

function kept(store, name) {
  try {
    return store.getItem(name) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

function keep(store, name, value) {
  try {
    if (value) store.setItem(name, value);
    else store.removeItem(name);
  } catch {
    // it is typed again next time
  }
}

function open(button) {
  const dialog = document.getElementById(button.dataset.dialog);
  const form = dialog.querySelector("form");
  form.reset();
  form.dataset.id = button.dataset.id;
  dialog.dataset.from = button.id;
  dialog.querySelector(".about").textContent = button.dataset.about;
  dialog.querySelector(".refused").textContent = "";
  if (form.elements.author) form.elements.author.value = kept(localStorage, AUTHOR);
  if (form.elements.token) form.elements.token.value = kept(sessionStorage, TOKEN);
  if (form.elements.match) {
    const choices = JSON.parse(button.dataset.matches);
    form.elements.match.replaceChildren(...choices.map(([words, match]) => new Option(words, JSON.stringify(match))));
    ends(form);
  }
  dialog.showModal();
  const empty = [...form.elements].find((field) => field.required && !field.value);
  (empty ?? form.querySelector("[type=submit]")).focus();
}

// By the clock of the server: in a replay it is another day there.
function ends(form) {
  const now = Date.parse(document.getElementById("as-of").dataset.now);
  const end = new Date(now + Number(form.elements.hours.value) * 3600e3);
  const here = end.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  document.getElementById("silence-ends").textContent = `until ${here} here, ${end.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function body(form) {
  const { author, note, reason, match, hours } = form.elements;
  if (!author) return null;
  if (!match) return { author: author.value, note: note.value };
  return { author: author.value, reason: reason.value, match: JSON.parse(match.value), hours: Number(hours.value) };
}

// The answer of the API, or in words why there is none.
async function send(method, path, content) {
  const headers = content ? { "Content-Type": "application/json" } : {};
  const token = kept(sessionStorage, TOKEN);
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(path, { method, headers, body: content ? JSON.stringify(content) : undefined });
    if (answer.ok) return null;
    const { error } = await answer.json();
    if (error.reason === "token") keep(sessionStorage, TOKEN, "");
    return error.reason === "token" ? "The token is wrong; nothing was changed." : `Nothing was changed: ${error.message}.`;
  } catch {
    return "The server does not answer; nothing is known to be changed. Try again.";
  }
}

async function submit(form) {
  const button = form.querySelector("[type=submit]");
  const dialog = form.closest("dialog");
  const refused = form.querySelector(".refused");
  if (form.elements.author) keep(localStorage, AUTHOR, form.elements.author.value);
  if (form.elements.token) keep(sessionStorage, TOKEN, form.elements.token.value);
  button.disabled = true;
  refused.textContent = "";
  const path = form.dataset.path.replace("{id}", encodeURIComponent(form.dataset.id));
  const trouble = await send(form.dataset.method, path, body(form));
  button.disabled = false;
  refused.textContent = trouble ?? "";
  if (trouble !== null) return;
  dialog.close();
  news.textContent = DONE[dialog.id];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.dialog) open(button);
  if (button && "close" in button.dataset) button.closest("dialog").close();
});
for (const form of document.querySelectorAll("dialog form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form);
  });
  form.elements.hours?.addEventListener("change", () => ends(form));
}
for (const dialog of document.querySelectorAll("dialog")) {
  // The button may have been put anew while the dialog was open.
  dialog.addEventListener("close", () => document.getElementById(dialog.dataset.from)?.focus());
}
