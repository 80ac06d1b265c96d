// Elements of the page. What is set again, though nothing has changed, would be laid out and painted again.

export function dress(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = value === true ? "" : `${value}`;
    if ((value ?? false) !== false && node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
  node.append(...children.filter(Boolean));
  return node;
}

export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const html = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

let made = 0;
export const freshId = (name) => `ce-${name}-${(made += 1)}`;

// What the session keeps, where the browser lets it.
export function remembered(task) {
  try {
    return task(sessionStorage);
  } catch {
    return null;
  }
}

const BESIDE = { ArrowLeft: -1, ArrowRight: 1 };

// The keyboard stops once at all of a row: left and right go from one to the next.
export function rove(nodes) {
  for (const [at, node] of nodes.entries()) {
    if (at) dress(node, { tabindex: -1 });
    node.addEventListener("focus", () => {
      for (const other of nodes) dress(other, { tabindex: other === node ? 0 : -1 });
    });
    node.addEventListener("keydown", (event) => {
      if (!(event.key in BESIDE)) return;
      event.preventDefault();
      event.stopPropagation();
      nodes[at + BESIDE[event.key]]?.focus();
    });
  }
}

// Three buttons and more are a toolbar, which is one stop.
export function buttonRow(name, buttons) {
  const many = buttons.length > 2;
  if (many) rove(buttons);
  return html("div", { class: "ce-row", role: many && "toolbar", "aria-label": many && name }, ...buttons);
}

// JupyterLab takes arrow keys for itself before a native control sees them.
export const keepKeys = (node) => node.addEventListener("keydown", (event) => event.stopPropagation());
