// The box of an exercise: a form, feedback in stages, and what the reader's device remembers.

import { HINTS, judge } from "./judge.js";

const SIGNS = { right: "✓", wrong: "✗", unread: "?", "not-as-asked": "≈" };
const BEGINS = { right: "Right", wrong: "Not yet", unread: "Not understood", "not-as-asked": "Almost" };
const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
};

// What is remembered: the names of the exercises answered, and when. Storage may be refused.
const KEY = "ce-exercises";
let kept = {};
try {
  kept = JSON.parse(localStorage.getItem(KEY)) ?? {};
} catch { /* nothing is remembered, and all else works */ }
function remember(name) {
  kept[name] = new Date().toISOString().slice(0, 10);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch { /* as above */ }
}

// Fill a section with the form; done is called with each answer and what was said of it.
function fill(section, spec, done) {
  const output = el("output", { role: "status" }), button = el("button", {}, "Check"), form = el("form", { novalidate: "" });
  const rows = [...section.querySelectorAll(".ce-options > li")], details = section.querySelector("details");
  while (rows.length < spec.lines && !spec.points) rows.push(form.appendChild(el("div", {}, String.fromCharCode(97 + rows.length))));
  const typed = spec.kind === "number" || spec.kind === "formula";
  let tries = 0, last = "", stage = spec.points && rows.length ? 1 : 0, field;
  if (typed) {
    field = el("input", { name: "answer", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    form.append(el("label", {}, stage ? "Your next line" : "Your answer", " ", field));
    if (stage) rows.at(-1).hidden = true;
  } else {
    const places = rows.map((_, n) => el("option", {}, String(n + 1)));
    for (const [n, row] of rows.entries()) {
      const input = spec.kind === "order" ? el("select", { name: "answer", "aria-label": "Place of this line" }, el("option", { value: "" }, "–"), ...places.map((place) => place.cloneNode(true)))
        : el("input", { name: "answer", type: spec.several ? "checkbox" : "radio", value: n });
      row.replaceChildren(el("label", {}, input, " ", el("span", {}, ...row.childNodes)));
    }
    section.querySelector(".ce-options")?.before(form);
    if (rows[0].parentNode !== form) form.append(rows[0].parentNode);
  }
  form.append(button, output);
  if (!form.parentNode) (details ?? section.lastChild) ? section.insertBefore(form, details) : section.append(form);

  const chosen = () => {
    const inputs = [...form.elements.answer];
    return spec.kind === "order" ? inputs.map(({ value }) => Number(value)) : inputs.flatMap(({ checked }, n) => (checked ? n : []));
  };
  const letters = (answer) => (spec.kind === "choice" ? answer : spec.order.map((_, n) => answer.indexOf(n + 1)))
    .map((n) => String.fromCharCode(97 + n)).join(", ");
  form.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab takes keys for itself
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = typed ? field.value : chosen(), text = JSON.stringify(answer);
    output.replaceChildren();
    output.dataset.outcome = "";
    if (typed ? !answer.trim() : spec.kind === "order" ? new Set(answer).size < rows.length || answer.includes(0) : !answer.length) {
      output.textContent = spec.kind === "order" ? "Give each line a place of its own." : typed ? "Type an answer first." : "Choose first.";
      output.dataset.outcome = "unread";
      return;
    }
    const said = judge(answer, spec);
    if (said.outcome === "wrong" && text !== last) tries += 1;
    last = text;
    say(said, answer);
    done(said, typed ? answer : letters(answer));
  });

  function say({ outcome, mistake, message, place, where, at }, answer) {
    let words = message;
    if (outcome === "wrong" && typed) {
      if (tries < 2) words = HINTS[mistake] ?? (where ? `Put in ${where}.` : message);
      else words = [mistake || !place ? message : "", place].filter(Boolean).join(". ");
    }
    if (outcome === "right" && spec.because) words = words ? `${words}. ${spec.because}`.replace("..", ".") : spec.because;
    if (stage && (outcome === "right" || outcome === "not-as-asked")) words = follow(outcome, answer);
    output.dataset.outcome = outcome;
    output.append(el("span", { "aria-hidden": "true" }, SIGNS[outcome], " "), el("strong", {}, BEGINS[outcome]), words ? `: ${words}` : ".");
    if (at !== undefined && answer.length > 1) output.append(el("pre", {}, `${answer.slice(Math.max(0, at - 30), at + 30)}\n${" ".repeat(Math.min(at, 30))}^`));
    if (outcome === "wrong" && tries > 2 && details) {
      details.open = true;
      output.append(" The worked answer stands below.");
    }
  }

  // A line of a derivation that fades: after its last line the reader writes all but the first.
  function follow(outcome, answer) {
    if (outcome === "not-as-asked") {
      rows[0].parentNode.append(el("li", { class: "ce-own" }, `= ${answer}`));
      field.value = "";
      return `It follows. Go on until it is written ${spec.asks}.`;
    }
    if (stage > 1) return spec.because || "The derivation is yours.";
    stage = 2;
    rows.forEach((row, n) => (row.hidden = n > 0));
    section.querySelectorAll(".ce-own").forEach((own) => own.remove());
    field.value = "";
    return "Now all of it: only the first line stands.";
  }
  return output;
}

// The site's list of exercises by page; its pages are the ends of addresses.
/** @type {Record<string, string[]>} */
const listed = /** @type {any} */ (globalThis).ceExercises ?? {};
const pageOf = (href) => Object.keys(listed).find((page) => new URL(href, location.href).pathname.endsWith(`/${page}.html`));

function mountAll() {
  /** @type {NodeListOf<HTMLElement>} */
  const sections = document.querySelectorAll("section.ce-exercise");
  for (const section of sections) {
    const name = section.dataset.exercise, mark = () => section.classList.toggle("ce-done", Boolean(kept[name]));
    fill(section, JSON.parse(section.querySelector("script").textContent), ({ outcome }) => {
      if (outcome === "right") remember(name);
      mark();
      count();
    });
    mark();
  }
  count();
  document.querySelectorAll(".ce-progress").forEach(overview);
}

const tally = (page) => `${listed[page].filter((name) => kept[name]).length} of ${listed[page].length}`;

// A small "4 of 7" at each chapter in the contents.
/** @returns {HTMLAnchorElement[]} */
const links = () => [...document.querySelectorAll(".bd-sidebar-primary nav a[href]")].map((link) => /** @type {any} */ (link)).filter(({ href }) => pageOf(href));
function count() {
  for (const link of links()) {
    const badge = link.querySelector(".ce-tally") ?? link.appendChild(el("small", { class: "ce-tally" }));
    badge.textContent = ` ${tally(pageOf(link.href))}`;
  }
}

function overview(home) {
  const rows = links().map((link) => el("tr", {}, el("th", { scope: "row" }, el("a", { href: link.href }, link.firstChild.textContent.trim())), el("td", {}, tally(pageOf(link.href)))));
  const save = el("button", { type: "button" }, "Save as a file"), clear = el("button", { type: "button" }, "Forget all");
  save.addEventListener("click", () => {
    const link = el("a", { download: "cross-entropy-exercises.json", href: URL.createObjectURL(new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" })) });
    link.click();
  });
  clear.addEventListener("click", () => {
    kept = {};
    try {
      localStorage.removeItem(KEY);
    } catch { /* nothing was kept */ }
    overview(home);
    count();
  });
  home.replaceChildren(el("table", {}, el("tbody", {}, ...rows)), save, " ", clear);
}

function renderWidget({ model, el: home }) {
  const section = home.appendChild(el("section", { class: "ce-exercise" })), checker = el("p", { class: "ce-checker" });
  fill(section, model.get("spec"), (_, answer) => {
    if (answer === model.get("answer")) return; // its verdict stands there
    checker.textContent = "The checker is asked …";
    model.set("answer", answer);
    model.save_changes();
  });
  section.append(checker);
  model.on("change:judged", () => (checker.textContent = `The checker: ${model.get("judged")[1]}`));
}
