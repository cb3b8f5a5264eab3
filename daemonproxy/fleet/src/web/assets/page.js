// The page: keeps what the server tells of, and shows it. Everything that comes from outside is put
// in as text, never as HTML.

const $ = (id) => document.getElementById(id);
const MOODS = [
  ["all", "All"],
  ["good", "Running"],
  ["waiting", "Waiting"],
  ["bad", "Trouble"],
  ["plain", "Down"],
];
const VERBS = [
  ["start", "Start", "do"],
  ["restart", "Restart", ""],
  ["stop", "Stop", ""],
];
const ABOUT = {
  drain: "All that the fleet runs there is stopped, until somebody undrains it.",
  undrain: "What the fleet runs there is started again.",
  start: "It is started now, and a hold ends.",
  stop: "It is ended in good order, and held: nothing starts it until somebody does.",
  restart: "It is ended in good order, and started again at once.",
};
const RUN = [
  ["run", "Run"],
  ["at", "Ended"],
  ["took", "After"],
  ["how", "How"],
  ["cpu", "CPU"],
  ["memory", "Memory"],
];
// With more services, those of a node are unfolded only when somebody wants to see them; and no
// more than so many are shown at once.
const FEW = 600;
const MOST = 1200;
const LOG_EVERY = 2000;
const WHY_EVERY = 5000;

// What there is.
const nodes = new Map(); // name -> { is, part, list, head }
const services = new Map(); // key -> { row, item, button, cells }
const key = (node, name) => `${node}\n${name}`;

let about = { title: "", acts: false, fleet: false };
let chosen = null; // the key of the service whose details are open
let mood = "all";
let behind = 0; // the clock of the server, less ours
let isConnected = false;
let isLost = false;
let stale = new Set(); // keys of rows to draw again
let ordered = []; // the nodes by their names
let isOrderStale = false;
let isDrawing = false;
let token = null;
try {
  token = sessionStorage.getItem("token");
} catch {
  // It is asked for in each tab, then.
}

const now = () => performance.now() + behind;

// Elements.

function make(tag, name, text) {
  const it = document.createElement(tag);
  if (name) it.className = name;
  if (text !== undefined) it.textContent = text;
  return it;
}

function put(it, text) {
  if (it.textContent !== text) it.textContent = text;
}

// Times, as dpctl has them.

function span(ms) {
  const all = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  if (all < 60) return `${all}s`;
  if (all < 3600) return `${Math.floor(all / 60)}m${two(all % 60)}s`;
  if (all < 86400) return `${Math.floor(all / 3600)}h${two(Math.floor(all / 60) % 60)}m`;
  return `${Math.floor(all / 86400)}d${two(Math.floor(all / 3600) % 24)}h`;
}

function brief(ms) {
  if (ms >= 10000) return span(ms);
  return `${String(Math.round(ms) / 1000)}s`;
}

function size(kb) {
  if (kb >= 1 << 20) return `${(kb / (1 << 20)).toFixed(1)}G`;
  if (kb >= 1 << 10) return `${(kb / (1 << 10)).toFixed(1)}M`;
  return `${kb}K`;
}

// What the server tells.

let source = null;
let again = null;

function listen() {
  clearTimeout(again);
  source?.close();
  source = new EventSource("/api/stream");
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onopen = () => {
    isConnected = true;
    showLink();
    // Whoever served this page before may have been another one.
    if (isLost) ask();
    isLost = false;
  };
  source.onerror = () => {
    isConnected = false;
    isLost = true;
    showLink();
    if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, 2000);
  };
}

async function ask() {
  try {
    about = await (await fetch("/api/about")).json();
  } catch {
    return;
  }
  put($("title"), about.title);
  document.title = `${about.title} – daemonproxy`;
  if (!about.acts) token = null;
  showAccess();
}

function take(message) {
  behind = message.now - performance.now();
  if (message.all) {
    // What is not told again is gone.
    const told = new Set(message.services.map((row) => key(row.node, row.name)));
    for (const it of services.keys()) if (!told.has(it)) forget(it);
    const there = new Set(message.nodes.map((node) => node.node));
    for (const name of nodes.keys()) if (!there.has(name)) forgetNode(name);
  }
  for (const [node, name] of message.gone) {
    if (name === null) forgetNode(node);
    else forget(key(node, name));
  }
  for (const is of message.nodes) Object.assign(node(is.node), { is, note: "" });
  for (const row of message.services) {
    const it = key(row.node, row.name);
    const known = services.get(it);
    if (known) known.row = row;
    else {
      services.set(it, { row });
      isOrderStale = true;
    }
    stale.add(it);
  }
  draw();
}

function forget(it) {
  if (services.delete(it)) isOrderStale = true;
  stale.delete(it);
  if (it === chosen) stale.add(it);
}

function forgetNode(name) {
  nodes.get(name)?.part.remove();
  if (nodes.delete(name)) isOrderStale = true;
}

function node(name) {
  const known = nodes.get(name);
  if (known) return known;
  const part = make("section", "node");
  const head = part.appendChild(make("div", "head"));
  const fold = head.appendChild(make("h2")).appendChild(make("button", "fold", name));
  fold.type = "button";
  const pill = head.appendChild(make("span", "pill"));
  const count = head.appendChild(make("span", "count"));
  const said = head.appendChild(make("span", "said"));
  const drain = head.appendChild(make("button", "drain", "Drain"));
  drain.type = "button";
  drain.onclick = () => drainOrNot(name);
  const list = part.appendChild(make("ul", "services"));
  const it = { is: null, part, fold, pill, count, said, drain, list, isOpen: null, services: [] };
  fold.onclick = () => {
    it.isOpen = fold.ariaExpanded !== "true";
    draw();
  };
  nodes.set(name, it);
  isOrderStale = true;
  return it;
}

// The list.

function draw() {
  if (isDrawing) return;
  isDrawing = true;
  // Also where nobody looks: a hidden tab gets no frames.
  const soon = document.hidden ? (it) => setTimeout(it, 0) : requestAnimationFrame;
  soon(() => {
    isDrawing = false;
    const isChosenStale = stale.has(chosen);
    if (isOrderStale) order();
    arrange();
    for (const it of stale) if (services.get(it)?.isShown) drawRow(it, services.get(it));
    stale = new Set();
    for (const it of nodes.values()) drawNode(it);
    drawMoods();
    showLink();
    if (isChosenStale) showDetails();
  });
}

function drawRow(it, service) {
  const { row } = service;
  if (!service.item) {
    const item = make("li");
    const button = item.appendChild(make("button"));
    button.type = "button";
    button.dataset.key = it;
    const cells = {};
    for (const name of ["dot", "name", "state", "age", "starts", "cause"]) {
      cells[name] = button.appendChild(make("span", name));
    }
    cells.dot.ariaHidden = "true";
    button.onclick = () => choose(it);
    Object.assign(service, { item, button, cells, isNew: true });
  }
  const { button, cells } = service;
  button.className = `row ${row.mood}`;
  if (!service.isNew && service.state !== row.state) {
    // Begins the animation again.
    void button.offsetWidth;
    button.classList.add("new");
  }
  service.isNew = false;
  service.state = row.state;
  if (it === chosen) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  put(cells.name, row.name);
  put(cells.state, row.state);
  put(cells.starts, row.starts > 1 ? `${row.starts} starts` : "");
  drawAge(service);
}

function drawAge({ row, cells }) {
  put(cells.age, row.since === null ? "" : span(now() - row.since));
  put(cells.cause, causeOf(row));
  cells.cause.title = row.cause;
}

function causeOf(row) {
  const parts = [];
  if (row.cause) parts.push(row.cause);
  if (row.next !== null) {
    const left = row.next - now();
    parts.push(left > 999 ? `starts in ${span(left)}` : "starts");
  }
  return parts.join(", ");
}

function drawNode({ is, part, pill, said, drain, note }) {
  const state = is?.state ?? "gone";
  part.className = `node ${state}`;
  const words = { here: "connected", silent: "silent", gone: "away" };
  put(pill, words[state]);
  pill.className = `pill ${{ here: "good", silent: "waiting", gone: "bad" }[state]}`;
  const since = state === "here" || !is ? "" : `, for ${span(now() - is.since)}`;
  drain.hidden = token === null || is?.drained == null;
  put(drain, is?.drained ? "Undrain" : "Drain");
  put(said, is ? `${is.said}${since}${note ? `; ${note}` : ""}` : "");
}

// Puts nodes and services into the order of their names.
function order() {
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  for (const it of nodes.values()) it.services = [];
  for (const [it, service] of services) node(service.row.node).services.push([it, service]);
  for (const it of nodes.values()) {
    it.services.sort(([, a], [, b]) => compare(a.row.name, b.row.name));
  }
  const names = [...nodes.keys()].sort(compare);
  ordered = names.map((name) => nodes.get(name));
  fill(
    $("nodes"),
    ordered.map(({ part }) => part),
  );
  isOrderStale = false;
}

// Makes these the children, if they are not.
function fill(parent, children) {
  const there = parent.children;
  if (there.length === children.length && children.every((it, nth) => it === there[nth])) return;
  const focused = document.activeElement;
  parent.replaceChildren(...children);
  if (focused !== document.activeElement && focused.isConnected) focused.focus();
}

// Shows the services that are wanted, of the nodes that are unfolded, as far as there is room.
function arrange() {
  const words = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const isFiltered = mood !== "all" || words.length > 0;
  let [found, room] = [0, MOST];
  for (const it of ordered) {
    const wanted = it.services.filter(([, { row }]) => {
      if (mood !== "all" && row.mood !== mood) return false;
      // The name of the only node says nothing.
      const text = (nodes.size > 1 ? `${row.node}/${row.name}` : row.name).toLowerCase();
      return words.every((word) => text.includes(word));
    });
    found += wanted.length;
    it.part.hidden = isFiltered && wanted.length === 0;
    const isOpen = it.isOpen ?? (isFiltered || services.size <= FEW);
    it.fold.ariaExpanded = String(isOpen);
    const shown = isOpen ? wanted.slice(0, room) : [];
    room -= shown.length;
    put(it.count, shown.length < wanted.length ? countOf(wanted) : "");
    for (const [, service] of it.services) service.isShown = false;
    for (const [name, service] of shown) {
      service.isShown = true;
      if (!service.item || !service.item.isConnected) drawRow(name, service);
    }
    fill(
      it.list,
      shown.map(([, { item }]) => item),
    );
    it.list.hidden = shown.length === 0;
  }
  $("nothing").hidden = found > 0;
  if (found === 0) {
    put($("nothing"), services.size > 0 ? "No service is like that." : "There are no services.");
  }
}

// Of services that are not shown, or not all of them.
function countOf(wanted) {
  const bad = wanted.filter(([, { row }]) => row.mood === "bad").length;
  const up = wanted.filter(([, { row }]) => row.mood === "good").length;
  const parts = [`${wanted.length} service${wanted.length === 1 ? "" : "s"}`, `${up} running`];
  if (bad > 0) parts.push(`${bad} in trouble`);
  return parts.join(", ");
}

function drawMoods() {
  const count = { all: services.size, good: 0, waiting: 0, bad: 0, plain: 0 };
  for (const { row } of services.values()) count[row.mood] += 1;
  for (const button of $("moods").children) {
    put(button.lastChild, String(count[button.dataset.mood]));
  }
}

function showLink() {
  const link = $("link");
  const away = [...nodes.values()].filter((it) => it.is?.state !== "here").length;
  let [text, look] = ["live", "good"];
  if (!isConnected) [text, look] = ["disconnected", "bad"];
  else if (away > 0 && away === nodes.size) [text, look] = ["daemon away", "bad"];
  else if (away > 0) [text, look] = [`${away} away`, "waiting"];
  put(link, text);
  link.className = `pill ${look}`;
  $("banner").hidden = !isLost;
  if (isLost) {
    put(
      $("banner"),
      "The server of this page does not answer. What is shown may be old; it is tried again.",
    );
  }
}

// One service.

let asked = 0; // answers to older questions are not shown
let wanted = { why: null, log: null };

function choose(it) {
  const hash = it === null ? "" : `#${it.split("\n").map(encodeURIComponent).join("/")}`;
  if (location.hash === hash) return;
  if (it === null) history.pushState(null, "", location.pathname);
  else history.pushState(null, "", hash);
  follow();
}

// What the address says.
function follow() {
  const [node, name] = location.hash
    .slice(1)
    .split("/")
    .map((it) => {
      try {
        return decodeURIComponent(it);
      } catch {
        return "";
      }
    });
  const before = chosen;
  chosen = name === undefined ? null : key(node, name);
  for (const it of [before, chosen]) if (services.has(it)) stale.add(it);
  $("details").hidden = chosen === null;
  $("columns").classList.toggle("two", chosen !== null);
  clearTimeout(wanted.why);
  clearTimeout(wanted.log);
  asked += 1;
  if (chosen === null) {
    services.get(before)?.button?.focus();
  } else if (before !== chosen) {
    for (const part of ["why", "runs", "facts", "log", "is"]) $(part).replaceChildren();
    say(null);
    showDetails();
    showLog();
    $("details").scrollTop = 0;
    if (getComputedStyle($("nodes").parentElement).display === "none") {
      scrollTo(0, 0);
      $("details").focus({ preventScroll: true });
    }
  }
  draw();
}

async function get(path, what) {
  const [node, name] = what.split("\n");
  const answer = await fetch(`${path}?${new URLSearchParams({ node, name })}`);
  return { isThere: answer.ok, body: await answer.json() };
}

async function showDetails() {
  const [it, question] = [chosen, ++asked];
  if (it === null) return;
  put($("name"), it.split("\n")[1]);
  showState();
  showAccess();
  clearTimeout(wanted.why);
  try {
    const { isThere, body } = await get("/api/service", it);
    if (question !== asked) return;
    if (isThere) {
      showWhy(body.details?.why ?? []);
      showRuns(body.ended, body.now);
      showFacts(body.row, body.details);
    } else {
      showWhy([body.refused]);
    }
  } catch {
    // The banner says it.
  }
  if (question === asked && it === chosen) wanted.why = setTimeout(showDetails, WHY_EVERY);
}

function showState() {
  const row = services.get(chosen)?.row;
  if (!row) {
    put($("is"), "gone");
    return;
  }
  const word = make("b", row.mood, row.state);
  const parts = [];
  if (row.since !== null) parts.push(` for ${span(now() - row.since)}`);
  if (row.pid !== null) parts.push(`, pid ${row.pid}`);
  const cause = causeOf(row);
  if (cause) parts.push(` – ${cause}`);
  $("is").replaceChildren(word, parts.join(""));
}

function showWhy(sentences) {
  $("why").replaceChildren(...sentences.map((text) => make("li", "", text)));
}

function showRuns(ended, then) {
  if (ended.length === 0) {
    $("runs").replaceChildren("None that is known.");
    return;
  }
  const table = make("table");
  const head = table.appendChild(make("tr"));
  for (const [name, text] of RUN) head.append(make("th", name, text));
  for (const run of ended) {
    const line = table.appendChild(make("tr"));
    line.title = run.why ? `started because of: ${run.why}` : "";
    const cells = [
      String(run.run),
      `${span(then - run.at)} ago`,
      run.took === null ? "" : brief(run.took),
      run.how,
      run.cpu === null ? "" : brief(run.cpu),
      run.memory === null ? "" : size(run.memory),
    ];
    cells.forEach((text, nth) => {
      const [name] = RUN[nth];
      line.append(make("td", name === "how" ? `how ${run.mood}` : name, text));
    });
  }
  $("runs").replaceChildren(table);
}

function showFacts(row, details) {
  const facts = [
    ["node", row.node],
    ["starts", String(row.starts)],
    ["runs", details?.args],
    ["triggers", details?.triggers],
    ["tags", details?.tags],
  ];
  const parts = facts.filter(([, text]) => text);
  $("facts").replaceChildren(
    ...parts.flatMap(([name, text]) => [make("dt", "", name), make("dd", "", text)]),
  );
}

async function showLog() {
  const it = chosen;
  clearTimeout(wanted.log);
  if (it === null) return;
  try {
    if (!document.hidden && isConnected) {
      const { body } = await get("/api/log", it);
      if (it !== chosen) return;
      const log = $("log");
      const none = body.none ?? body.refused ?? null;
      const text = none ?? (body.lines.length > 0 ? body.lines.join("\n") : "Nothing yet.");
      if (log.textContent !== text) {
        const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 20;
        log.textContent = text;
        log.classList.toggle("none", none !== null);
        if (isAtEnd) log.scrollTop = log.scrollHeight;
      }
    }
  } catch {
    // The banner says it.
  }
  if (it === chosen) {
    clearTimeout(wanted.log);
    wanted.log = setTimeout(showLog, LOG_EVERY);
  }
}

// What can be done.

function showAccess() {
  const may = about.acts && token !== null;
  $("unlock").hidden = !about.acts;
  put($("unlock"), token === null ? "Unlock" : "Lock");
  const acts = $("acts");
  for (const it of nodes.values()) drawNode(it);
  if (!may || about.fleet) {
    let text = about.acts ? "Read-only until it is unlocked." : "Read-only.";
    if (about.fleet) text = "What a node runs is changed with dpfleet put and rollout.";
    acts.replaceChildren(make("span", "soft", text));
    return;
  }
  // What is likely to be wanted stands out.
  const isUp = services.get(chosen)?.row.pid != null;
  if (acts.querySelector("button")) {
    acts.firstElementChild.className = isUp ? "" : "do";
    return;
  }
  acts.replaceChildren(
    ...VERBS.map(([verb, name, look]) => {
      const button = make("button", isUp ? "" : look, name);
      button.type = "button";
      button.dataset.verb = verb;
      button.onclick = () => question(verb, name);
      return button;
    }),
  );
}

function say(text, isBad) {
  $("said").hidden = text === null;
  put($("said"), text ?? "");
  $("said").className = isBad ? "bad" : "";
}

// Resolves to whether the answer is yes.
function answered(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

// Whether somebody means it.
function isMeant(verb, what, where, isRisky) {
  put($("asked"), `${what}?`);
  put($("about"), `${where}${ABOUT[verb]}`);
  put($("yes"), what);
  $("yes").className = isRisky ? "risky" : "do";
  return answered($("question"));
}

async function drainOrNot(name) {
  const verb = nodes.get(name)?.is?.drained ? "undrain" : "drain";
  const what = `${verb === "drain" ? "Drain" : "Undrain"} ${name}`;
  if (!(await isMeant(verb, what, "", verb === "drain"))) return;
  const { isDone, why, status } = await send("/api/do", { node: name, verb });
  const it = nodes.get(name);
  if (it) it.note = isDone ? "the wish is stored" : why;
  if (status === 401 || status === 403) lock();
  draw();
}

async function question(verb, verbName) {
  const it = chosen;
  const [node, name] = it.split("\n");
  const isSure = await isMeant(verb, `${verbName} ${name}`, `On ${node}. `, verb !== "start");
  if (!isSure) return;
  say(`${verbName}: under way.`);
  const { isDone, why, status } = await send("/api/do", { node, name, verb });
  if (it !== chosen) return;
  say(isDone ? `${verbName}: the daemon has accepted it.` : why, !isDone);
  if (status === 401 || status === 403) lock();
}

async function send(path, what) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  try {
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(what) });
    const body = await answer.json();
    return { isDone: answer.ok, why: body.refused ?? answer.statusText, status: answer.status };
  } catch {
    return { isDone: false, why: "The server of this page does not answer.", status: 0 };
  }
}

function lock() {
  token = null;
  try {
    sessionStorage.removeItem("token");
  } catch {
    // It was not there.
  }
  showAccess();
}

async function unlock() {
  if (token !== null) {
    lock();
    return;
  }
  $("token").value = "";
  $("wrong").hidden = true;
  while (await answered($("key"))) {
    const given = $("token").value.trim();
    $("token").value = "";
    if (/^[\x21-\x7e]+$/.test(given)) {
      token = given;
      const { isDone, why } = await send("/api/token", {});
      if (isDone) {
        try {
          sessionStorage.setItem("token", given);
        } catch {
          // It is asked for again, then.
        }
        showAccess();
        return;
      }
      token = null;
      put($("wrong"), why);
    } else {
      put($("wrong"), "A token is visible characters of ASCII.");
    }
    $("wrong").hidden = false;
  }
}

// Keys.

function move(step) {
  const rows = [...document.querySelectorAll(".services > li:not([hidden]) > .row")];
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  rows[next]?.focus();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (document.querySelector("dialog[open]")) return;
  const isTyping = event.target instanceof HTMLInputElement;
  const isOnRow = event.target instanceof HTMLElement && event.target.classList.contains("row");
  if (event.key === "Escape") {
    if (isTyping && $("filter").value) {
      $("filter").value = "";
      draw();
    } else if (chosen !== null) choose(null);
    else if (isTyping) event.target.blur();
  } else if (event.key === "/" && !isTyping) {
    event.preventDefault();
    $("filter").focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (isOnRow || isTyping)) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  }
});

// The beginning.

for (const [name, text] of MOODS) {
  const button = $("moods").appendChild(make("button", "", `${text} `));
  button.type = "button";
  button.dataset.mood = name;
  button.append(make("b", "", "0"));
  button.setAttribute("aria-pressed", String(name === mood));
  button.onclick = () => {
    mood = name;
    for (const it of $("moods").children) {
      it.setAttribute("aria-pressed", String(it.dataset.mood === mood));
    }
    draw();
  };
}
$("filter").oninput = draw;
$("close").onclick = () => choose(null);
$("unlock").onclick = unlock;
// Enter in the field means Unlock, not the first button.
$("token").onkeydown = (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  $("key").close("yes");
};
addEventListener("popstate", follow);
addEventListener("hashchange", follow);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && chosen !== null) showLog();
});
setInterval(() => {
  if (document.hidden) return;
  for (const service of services.values()) if (service.isShown) drawAge(service);
  for (const it of nodes.values()) drawNode(it);
  if (chosen !== null) showState();
}, 1000);
ask();
listen();
follow();
