// Where the keyboard stops once at all of a row, arrow keys go from one to the next.
{
  const row = (home, items, back, on) => {
    // The first is there in every window, others only in wide or narrow ones.
    const stopAt = (stop) => {
      for (const item of items) item.tabIndex = item === stop ? 0 : -1;
    };
    stopAt(items[0]);
    for (const item of items) {
      item.addEventListener("focus", () => stopAt(item));
      item.addEventListener("blur", ({ relatedTarget: next }) => {
        if (!home.contains(next)) stopAt(items[0]);
      });
      item.addEventListener("keydown", (event) => {
        const shown = items.filter((each) => each.checkVisibility());
        const next = shown[shown.indexOf(item) + ({ [back]: -1, [on]: 1 }[event.key] ?? NaN)];
        if (!next) return;
        event.preventDefault();
        next.focus();
      });
    }
  };
  const header = document.querySelector(".header-article__inner");
  if (header) {
    row(header, [...header.querySelectorAll("button:not(.dropdown-menu *)")], "ArrowLeft", "ArrowRight");
    header.setAttribute("role", "toolbar");
    header.setAttribute("aria-label", "This page");
  }
  // Where these lead one also comes by the headings; book.css says which keys to press.
  const contents = document.querySelector("#pst-page-toc-nav");
  if (contents) row(contents, [...contents.querySelectorAll("a")], "ArrowUp", "ArrowDown");
}

// The icon of a copy button has a title, which Safari's engine does not take for the button's name.
for (const button of document.querySelectorAll(".copybtn")) button.setAttribute("aria-label", "Copy");
