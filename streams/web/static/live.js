// Keeps the page up to date: one event stream tells that something changed, the server renders it,
// and the changed sections are put in place. No text of a feed is ever made into markup here.

const STREAM = "/v1/stream?types=notice,event,health,desk";
const GATHER = 400; // ms: changes that come together are one refresh
const SPACING = 1500; // ms between two refreshes at the least
const IDLE = 30000; // ms: ages on the page are renewed
const AGAIN = 5000; // ms until a refused stream is opened again

const pill = document.getElementById("connection");
const button = document.getElementById("pause");
const news = document.getElementById("news");
const urgent = document.getElementById("urgent");
const kinds = { open: "opened", escalate: "escalated", update: "updated", correct: "corrected", repeat: "repeated", resolve: "resolved", withdraw: "withdrawn", close: "closed" };

let paused = false;
let waiting = 0; // changes not shown while paused
let unseen = 0; // notices that came while the page was hidden
let timer = null;
let last = 0;
let lostAt = null;

function state(name, words) {
  pill.dataset.state = name;
  pill.textContent = words;
}

function title() {
  const open = document.getElementById("alerts")?.dataset.open;
  const name = document.title.replace(/^[●\s]*(\(\d+\)\s)?/u, "");
  const count = open && open !== "0" ? `(${open}) ` : "";
  document.title = (unseen ? "● " : "") + count + name;
}

function place(section, fresh) {
  const opened = new Map([...section.querySelectorAll("details[data-key]")].map((d) => [d.dataset.key, d.open]));
  const focused = section.contains(document.activeElement) ? document.activeElement.id : "";
  const copy = document.adoptNode(fresh);
  for (const details of copy.querySelectorAll("details[data-key]")) {
    if (opened.has(details.dataset.key)) details.open = opened.get(details.dataset.key);
  }
  localise(copy);
  section.replaceWith(copy);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// Times are written in UTC; the reader's own time is one hover away.
function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const local = new Date(time.dateTime).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    time.title = `${time.title} · ${local} here`;
  }
}

const shown = new Map(); // what the server sent last, by section
for (const section of document.querySelectorAll("[data-live]")) shown.set(section.id, section.outerHTML);

async function refresh() {
  timer = null;
  last = Date.now();
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (paused) return; // asked for before the reader paused; going on asks again
    for (const fresh of page.querySelectorAll("[data-live]")) {
      const section = document.getElementById(fresh.id);
      const text = fresh.outerHTML;
      if (section && shown.get(fresh.id) !== text) {
        shown.set(fresh.id, text);
        place(section, fresh);
      }
    }
    title();
  } catch {
    // the stream says that the connection is lost
  }
}

function soon() {
  if (paused) {
    waiting += 1;
    button.textContent = `Go on (${waiting} new)`;
  } else if (timer === null) {
    timer = setTimeout(refresh, Math.max(GATHER, last + SPACING - Date.now()));
  }
}

function announce(event) {
  const notice = JSON.parse(event.data).data;
  const region = notice.severity === "critical" ? urgent : news;
  region.textContent = `${notice.severity} alert ${kinds[notice.notice] ?? notice.notice}: ${notice.title}`;
  if (document.hidden) unseen += 1;
  title();
}

function connect() {
  const stream = new EventSource(STREAM);
  stream.addEventListener("open", () => {
    state("live", "live");
    if (lostAt !== null || !paused) soon(); // also what changed between the rendering of the page and now
    lostAt = null;
  });
  stream.addEventListener("notice", announce);
  for (const name of ["notice", "event", "health", "desk", "reset"]) stream.addEventListener(name, soon);
  stream.addEventListener("error", () => {
    lostAt ??= Date.now();
    tell();
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN);
  });
  addEventListener("pagehide", () => stream.close(), { once: true });
}

function tell() {
  if (lostAt !== null) state("lost", `connection lost ${Math.round((Date.now() - lostAt) / 1000)} s ago`);
}

button.hidden = false;
button.addEventListener("click", () => {
  paused = !paused;
  waiting = 0;
  clearTimeout(timer);
  timer = null;
  button.setAttribute("aria-pressed", String(paused));
  button.textContent = paused ? "Go on" : "Pause";
  if (!paused) soon();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    unseen = 0;
    title();
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted) connect();
});
setInterval(tell, 1000);
setInterval(() => paused || document.hidden || soon(), IDLE);
localise(document);
state("static", "connecting");
connect();
