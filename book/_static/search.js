// The search page: looks for the words of the address in the sections of all pages (search_index.js, written by
// ce.site.web.search) and shows where they stand. Works from the disk too, since it asks for no other page.
{
  // Letters without accents in lower case, signs as spaces; and for each of them the place it came from. A point within a
  // number stays.
  const folded = text => {
    let plain = "";
    const from = [], signs = [...text], digit = sign => /\p{N}/u.test(sign ?? "");
    for (const [at, sign] of signs.entries()) {
      for (const part of sign.normalize("NFKD").toLowerCase()) {
        if (/[\u0300-\u036f^ˆ˙]/.test(part)) continue;
        const kept = /[\p{L}\p{N}∂∑∏∞]/u.test(part) || (part === "." && digit(signs[at - 1]) && digit(signs[at + 1]));
        plain += kept ? part : " ";
        from.push(at);
      }
    }
    return {plain: ` ${plain} `, from: [0, ...from, signs.length]};
  };
  // A word is looked for at the beginning of words, without its ending; a single letter and a number as they are.
  const stem = word => (word.length > 5 ? word.replace(/(?:ing|ed|es|e|s)$/, "") : word.length > 3 ? word.replace(/s$/, "") : word);
  const wanted = word => ` ${stem(word)}${word.length === 1 || /^[\d.]+$/.test(word) ? " " : ""}`;
  const count = (text, part) => text.split(part).length - 1;

  const pages = globalThis.ceSections.map(([address, sections]) =>
    sections.map(([anchor, title, text, terms]) =>
      ({address, anchor, title, text, terms, page: sections[0][1], folded: folded(text)}))).flat();

  const score = (section, words) => {
    const title = folded(`${section.title} ${section.terms}`).plain, page = folded(section.page).plain, text = section.folded.plain;
    const phrase = ` ${words.join(" ")}`;
    let sum = 0;
    for (const word of words) {
      const part = wanted(word);
      const own = 12 * count(title, part) + 4 * count(page, part) + Math.log2(1 + count(text, part));
      if (!own) return 0;
      sum += own;
    }
    const packed = text.replace(/ +/g, " ");
    if (words.length > 1) sum += 30 * count(title.replace(/ +/g, " "), phrase) + 6 * Math.log2(1 + count(packed, phrase));
    return sum;
  };

  // About two lines around the first words found, each of which is marked.
  const excerpt = (section, words) => {
    const {plain, from} = section.folded, signs = [...section.text];
    const places = words.flatMap(word => {
      const part = wanted(word), found = [];
      for (let at = plain.indexOf(part); at >= 0; at = plain.indexOf(part, at + 1)) {
        let end = at + 1;
        while (plain[end] !== " ") end += 1;
        found.push([from[at + 1], from[end]]);
      }
      return found;
    }).sort((one, other) => one[0] - other[0]);
    const near = at => places.filter(([start]) => start >= at && start < at + 160).length;
    const first = places.length ? places.reduce((best, [start]) => (near(start) > near(best) ? start : best), places[0][0]) : 0;
    let start = Math.max(0, first - 60), end = Math.min(signs.length, start + 220);
    while (start > 0 && signs[start - 1] !== " ") start -= 1;
    while (end < signs.length && signs[end] !== " ") end += 1;
    const line = document.createElement("p");
    let at = start;
    line.append(start ? "… " : "");
    for (const [open, close] of places) {
      if (open < at || close > end) continue;
      const mark = document.createElement("mark");
      mark.textContent = signs.slice(open, close).join("");
      line.append(signs.slice(at, open).join(""), mark);
      at = close;
    }
    line.append(signs.slice(at, end).join(""), end < signs.length ? " …" : "");
    return line;
  };

  const field = /** @type {HTMLInputElement} */ (document.querySelector(".bd-search-container input"));
  const results = document.querySelector("#search-results");
  const show = query => {
    const words = [...new Set(folded(query).plain.split(" ").filter(Boolean))];
    // One result a page: its best section, and the others that have the words.
    const byPage = new Map();
    for (const section of words.length ? pages : []) {
      const points = score(section, words);
      if (points) byPage.set(section.address, [...byPage.get(section.address) ?? [], [points, section]]);
    }
    const found = [...byPage.values()].map(sections => sections.sort((one, other) => other[0] - one[0]));
    found.sort(([[one]], [[other]]) => other - one);
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.textContent = !words.length ? "Type a word, a name or a sign." : !found.length
      ? `Nothing has all of these words: ${query}. Try fewer.`
      : `${found.length} ${found.length === 1 ? "page has" : "pages have"} these words.`;
    const list = document.createElement("ol");
    const linked = ({address, anchor}, words) => {
      const link = document.createElement("a");
      link.href = `${document.documentElement.dataset.content_root}${address}#${anchor}`;
      link.textContent = words;
      return link;
    };
    for (const [[, best], ...others] of found) {
      const item = document.createElement("li");
      item.append(linked(best, best.title === best.page ? best.page : `${best.page} › ${best.title}`), excerpt(best, words));
      if (others.length) {
        const also = document.createElement("p");
        also.append("Also in ", ...others.slice(0, 3).flatMap(([, section], at) => [at ? ", " : "", linked(section, section.title)]));
        item.append(also);
      }
      list.append(item);
    }
    results.replaceChildren(said, list);
  };
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  field.addEventListener("input", () => {
    history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`);
    show(field.value);
  });
  field.form.addEventListener("submit", event => event.preventDefault());
  field.focus();
  show(field.value);
}
