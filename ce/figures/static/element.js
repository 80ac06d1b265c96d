// Elements of the page.

export function dress(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const html = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

let made = 0;
export const freshId = (name) => `ce-${name}-${(made += 1)}`;

// JupyterLab takes arrow keys for itself before a native control sees them.
export const keepKeys = (node) => node.addEventListener("keydown", (event) => event.stopPropagation());
