// The box of an exercise: a form, feedback in stages, and what the reader's device remembers.

import { judge, letter } from "./judge.js";

const BEGINS = {
  right: ["✓", "Right"],
  wrong: ["✗", "Not yet"],
  unread: ["?", "Not understood"],
  "not-as-asked": ["≈", "Almost"]
};
export const el = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  node.append(...children);
  return node;
};
const button = (label, press, home) => {
  const node = home.appendChild(el("button", { type: "button" }, label));
  node.addEventListener("click", press);
  return node;
};
const sentences = (...parts) => parts.filter(Boolean).join(". ").replace("..", ".");

// What is remembered: the names of the exercises answered, and when. Storage may be refused.
const KEY = "ce-exercises";
let kept = {};
const stored = (use) => {
  try {
    return use(localStorage);
  } catch {
    /* nothing is remembered, and all else works */
  }
};
const recall = () => stored((storage) => Object.assign(kept, JSON.parse(storage.getItem(KEY))));
recall();

// Fill a section with the form; done is called with each answer, what was said of it, and the line before it.
export function fill(section, spec, done) {
  const output = el("output", { role: "status" }),
    form = el("form", { novalidate: "", autocomplete: "off" });
  const { kind, lines, several, because = "", groups } = spec,
    order = kind === "order",
    typed = kind === "number" || kind === "formula";
  const rows = [...section.querySelectorAll(".ce-options > li")],
    details = section.querySelector("details");
  const field = el("input", { name: "answer", autocapitalize: "off", spellcheck: "false" });
  // A derivation fades: its last line is the reader's, then all but the first; the line before the reader's own is kept.
  let tries = 0,
    last = "",
    shown = lines - 2,
    group,
    before = "";
  const fade = () => {
    rows.forEach((row, n) => row.classList.toggle("ce-faded", n > shown));
    follows(groups[shown], `line ${shown + 1}`);
  };
  const lead = el("span", {}, "Your answer"),
    follows = (reached, line) => {
      group = reached;
      before = line;
      lead.textContent = `Your next line, after ${before}`;
    };
  if (typed) form.append(el("label", {}, lead, " ", field));
  else {
    while (rows.length < lines) rows.push(form.appendChild(el("div", {}, letter(rows.length))));
    for (const [n, row] of rows.entries()) {
      const input = order
        ? el(
            "select",
            { name: "answer" },
            el("option", { value: "" }, "–"),
            ...rows.map((_, place) => el("option", {}, `${place + 1}`))
          )
        : el("input", { name: "answer", type: several ? "checkbox" : "radio", value: n });
      row.replaceChildren(el("label", {}, input, " ", el("span", {}, ...row.childNodes)));
    }
    section.insertBefore(form, section.querySelector(".ce-options"));
    if (rows[0].parentNode !== form) form.append(rows[0].parentNode);
  }
  // No stop of the keyboard as long as there is nothing to check.
  const check = form.appendChild(el("button", { tabindex: "-1" }, "Check"));
  form.addEventListener("input", () => (check.tabIndex = 0));
  if (groups) {
    fade();
    const toggle = button(
      "Show it whole",
      () => {
        toggle.textContent = section.classList.toggle("ce-whole") ? "Hide it again" : "Show it whole";
      },
      form
    );
  }
  form.append(output);
  if (!form.parentNode) section.insertBefore(form, details);

  const chosen = () =>
    [...form.elements.answer].flatMap(({ value, checked }) => (order || checked ? Number(value) : []));
  form.addEventListener("keydown", (event) => event.stopPropagation()); // JupyterLab takes keys for itself
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = typed ? field.value : chosen(),
      text = JSON.stringify(answer);
    output.replaceChildren();
    output.dataset.outcome = "";
    if (typed ? !answer.trim() : order ? new Set(answer).size < rows.length || answer.includes(0) : !answer.length) {
      output.textContent = order ? "Give each line a place of its own." : "Answer first.";
      output.dataset.outcome = "unread";
      return;
    }
    const said = judge(answer, spec, group),
      from = before;
    if (said.outcome === "wrong" && text !== last) tries += 1;
    last = text;
    say(said, answer);
    done(
      said,
      typed ? answer : (order ? spec.order.map((_, n) => answer.indexOf(n + 1)) : answer).map(letter).join(", "),
      from
    );
  });

  function say({ outcome, mistake, message, place, where, caret, reached }, answer) {
    let words = message;
    if (outcome === "wrong" && typed) {
      words =
        tries < 2
          ? (spec.hints[mistake] ?? (where ? `Put in ${where}.` : message))
          : [(mistake || !place) && message, place].filter(Boolean).join("; ");
    }
    if (outcome === "right") words = sentences(words, because);
    if (groups && /^(right|not)/.test(outcome)) words = follow(outcome, answer, reached);
    if (outcome === "wrong" && tries > 2 && details) {
      details.open = true;
      words = sentences(words, "The worked answer stands below.");
    }
    output.dataset.outcome = outcome;
    const [sign, begins] = BEGINS[outcome];
    output.append(
      el("span", { "aria-hidden": "true" }, sign, " "),
      el("strong", {}, begins),
      words ? `: ${words}` : "."
    );
    if (caret) output.append(el("pre", {}, caret));
  }

  function follow(outcome, answer, reached) {
    field.value = "";
    tries = 0;
    if (outcome !== "right") {
      rows[0]?.parentNode.append(el("li", { class: "ce-own" }, answer));
      follows(reached, answer);
      return `It follows. Go on: write it ${spec.asks}.`;
    }
    if (!shown) return because; // nothing more can fade
    shown = 0;
    fade();
    section.querySelectorAll(".ce-own").forEach((own) => own.remove());
    return "Now all of it: only the first line stands.";
  }
}

// The site's list of exercises by page; its pages are the ends of addresses.
/** @type {Record<string, string[]>} */
const listed = /** @type {any} */ (globalThis).ceExercises ?? {};
// The entry of the page that is open has no address.
const pageOf = ({ href }) => Object.keys(listed).find((page) => (href || location.href).includes(`/${page}.html`));
const tally = (page) => `${listed[page].filter((name) => kept[name]).length} of ${listed[page].length}`;

function mountAll() {
  /** @type {NodeListOf<HTMLElement>} */
  const sections = document.querySelectorAll("section.ce-exercise");
  for (const section of sections) {
    const name = section.dataset.exercise,
      mark = () => section.classList.toggle("ce-done", name in kept);
    fill(section, JSON.parse(section.querySelector("script").textContent), ({ outcome }) => {
      if (outcome === "right") {
        recall(); // another tab may have kept more
        kept[name] = new Date().toISOString().slice(0, 10);
        stored((storage) => storage.setItem(KEY, JSON.stringify(kept)));
      }
      mark();
      count();
    });
    mark();
  }
  count();
  document.querySelectorAll(".ce-progress").forEach(overview);
  const end = [...sections].at(-1);
  end?.after(el("p", { class: "ce-print" }));
  if (end) button("Print this page with the solutions at its end", () => printed(sections), end.nextSibling);
}

// On paper the solutions stand together behind everything else.
function printed(sections) {
  const answers = [...sections].map((section) =>
    el("li", {}, ...section.querySelector("details > div").cloneNode(true).childNodes)
  );
  const sheet = (document.querySelector("article") ?? document.body).appendChild(
    el("section", { class: "ce-solutions" }, el("h2", {}, "Solutions"), el("ol", {}, ...answers))
  );
  print();
  sheet.remove();
}

// A small "4 of 7" at each chapter in the contents.
const links = () =>
  [.../** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".bd-sidebar-primary nav a"))].filter(
    pageOf
  );
function count() {
  for (const link of links()) {
    const badge = link.querySelector(".ce-tally") ?? link.appendChild(el("small", { class: "ce-tally" }));
    badge.textContent = ` ${tally(pageOf(link))}`;
  }
}

function overview(home) {
  const rows = links().map((link) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, el("a", { href: link.href }, link.firstChild.textContent.trim())),
      el("td", {}, tally(pageOf(link)))
    )
  );
  home.replaceChildren(el("table", {}, el("tbody", {}, ...rows)));
  button(
    "Save as a file",
    () => {
      const file = new Blob([JSON.stringify(kept, null, 1)], { type: "application/json" });
      el("a", { download: "cross-entropy-exercises.json", href: URL.createObjectURL(file) }).click();
    },
    home
  );
  button(
    "Forget all",
    () => {
      kept = {};
      stored((storage) => storage.removeItem(KEY));
      overview(home);
      count();
    },
    home
  );
}
