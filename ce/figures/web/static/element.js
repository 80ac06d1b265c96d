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

// JupyterLab takes arrow keys for itself before a native control sees them.
export const keepKeys = (node) => node.addEventListener("keydown", (event) => event.stopPropagation());
