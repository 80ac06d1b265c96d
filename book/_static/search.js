// The search page: looks for the words of the address in the sections of all pages (search_index.js, written by
// ce.site.web.search) and shows where they stand. Works from the disk too, since it asks for no other page.
{
  // Letters without accents in lower case, signs as spaces; and for each of them the place it came from. A point within a
  // number stays.
  const folded = (text) => {
    let plain = "";
    const from = [],
      signs = [...text],
      digit = (sign) => /\p{N}/u.test(sign ?? "");
    for (const [at, sign] of signs.entries()) {
      for (const part of sign.normalize("NFKD").toLowerCase()) {
        if (/[\u0300-\u036f^ˆ˙]/.test(part)) continue;
        const kept = /[\p{L}\p{N}∂∑∏∞]/u.test(part) || (part === "." && digit(signs[at - 1]) && digit(signs[at + 1]));
        plain += kept ? part : " ";
        from.push(at);
      }
    }
    return { plain: ` ${plain} `, from: [0, ...from, signs.length] };
  };
  // A word is looked for at the beginning of words, without its ending; a single letter and a number as they are.
  const stem = (word) =>
    word.replace(/^(.{3,}?)e?s$|^(.{4,}?)(?:ing|ed|e|[aeiou]?b(?:ility|ly|le)|ally|al|ly)$/, "$1$2");
  const wanted = (word) => ` ${stem(word)}${word.length === 1 || /^[\d.]+$/.test(word) ? " " : ""}`;
  const count = (text, part) => text.split(part).length - 1;
  const closed = (text) => text.replace(/ +/g, " ");
  const stems = (text) => ` ${text.split(" ").filter(Boolean).map(stem).join(" ")} `;

  const pages = globalThis.ceSections.flatMap(([address, sections]) =>
    sections.map(([anchor, title, text, terms], at) => ({
      address,
      anchor,
      title,
      text,
      first: at === 0,
      page: sections[0][1],
      home: folded(sections[0][1]).plain,
      folded: folded(text),
      name: stems(folded(title).plain.replace(/^ [\d.]+ /, " ")),
      terms: stems(folded(terms).plain)
    }))
  );
  const texts = pages.map(({ name, terms, folded: { plain } }) => name + terms + plain);

  // How much a word says: the fewer sections have it, the more; nothing where none has.
  const weights = new Map();
  const weight = (word) => {
    if (!weights.has(word)) {
      const having = texts.filter((text) => text.includes(wanted(word))).length;
      weights.set(word, having && Math.log((1 + pages.length) / having));
    }
    return weights.get(word);
  };

  // How many letters have to be changed, left out, added, or swapped with the next, to make one word of another.
  const away = (one, other) => {
    let [before, last] = [[], [...Array(other.length + 1).keys()]];
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + Number(one[i - 1] !== other[j - 1]));
        if (one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return last[other.length];
  };
  // The word of the book that is meant by one that it does not have.
  let known = null;
  const meant = (word) => {
    if (word.length < 4 || /\d/.test(word) || weight(word)) return word;
    known ??= new Set(texts.join("").split(" "));
    let [best, least] = [word, word.length < 8 ? 1.5 : 2.5];
    for (const other of known) {
      if (other[0] !== word[0] || Math.abs(other.length - word.length) > 2) continue;
      const far = away(word, other);
      if (far < least || (far === least && weight(other) < weight(best))) [best, least] = [other, far];
    }
    return best;
  };

  // How much of what the words say the section has, and where: what it is called counts more than what it mentions.
  const score = (section, words) => {
    const {
      name,
      terms,
      home,
      first,
      folded: { plain }
    } = section;
    const all = words.reduce((sum, word) => sum + weight(word), 0);
    let [sum, has] = [0, 0];
    for (const word of words) {
      const part = wanted(word),
        times = count(plain, part);
      const [called, sought, around] = [name, terms, home].map((text) => Number(text.includes(part)));
      if (!called && !sought && !times) continue;
      has += weight(word);
      sum += weight(word) * (4 * called + 4 * sought + 2 * around + (4 * times) / (times + 0.5 + plain.length / 1500));
    }
    const phrase = stems(words.join(" ")),
      start = phrase.trimEnd();
    if (name.includes(start)) sum += all * (name === phrase ? 9 : 3);
    if (words[1] && terms.includes(phrase)) sum += 6 * all;
    if (words[1] && closed(plain).includes(start)) sum += 2 * all;
    return (first ? 1.3 : 1) * sum * (has / all) ** 3;
  };

  // About two lines around the first words found, each of which is marked.
  const excerpt = (section, words) => {
    const { plain, from } = section.folded,
      signs = [...section.text];
    const places = words
      .flatMap((word) => {
        const part = wanted(word),
          found = [];
        for (let at = plain.indexOf(part); at >= 0; at = plain.indexOf(part, at + 1)) {
          let end = at + 1;
          while (plain[end] !== " ") end += 1;
          found.push([from[at + 1], from[end]]);
        }
        return found;
      })
      .sort((one, other) => one[0] - other[0]);
    const near = (at) => places.filter(([start]) => start >= at && start < at + 160).length;
    const first = places.length
      ? places.reduce((best, [start]) => (near(start) > near(best) ? start : best), places[0][0])
      : 0;
    let start = Math.max(0, first - 60),
      end = Math.min(signs.length, start + 220);
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
  const show = (query) => {
    const typed = [...new Set(folded(query).plain.split(" ").filter(Boolean))];
    const read = typed.map(meant),
      words = [...new Set(read.filter(weight))];
    // One result a page: its best section, and the others that have the words.
    const byPage = new Map();
    for (const section of words.length ? pages : []) {
      const points = score(section, words);
      if (points) byPage.set(section.address, [...(byPage.get(section.address) ?? []), [points, section]]);
    }
    const found = [...byPage.values()].map((sections) => sections.sort((one, other) => other[0] - one[0]));
    found.sort(([[one]], [[other]]) => other - one);
    // What has hardly a word of it is left out.
    while (found.length && found.at(-1)[0][0] < found[0][0][0] / 8) found.pop();
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    const taken = typed.filter((word, at) => read[at] !== word).map((word) => `${meant(word)} for ${word}`);
    const absent = read.filter((word) => !weight(word));
    said.textContent = !typed.length
      ? "Type a word, a name or a sign."
      : [
          found.length ? `${found.length} ${found.length === 1 ? "page" : "pages"}, the best first.` : "",
          taken.length ? `Looked for ${taken.join(", ")}.` : "",
          absent.length ? `Nothing has ${absent.join(", ")}.` : ""
        ]
          .filter(Boolean)
          .join(" ");
    const list = document.createElement("ol");
    const linked = ({ address, anchor }, words) => {
      const link = document.createElement("a");
      link.href = `${document.documentElement.dataset.content_root}${address}#${anchor}`;
      link.textContent = words;
      return link;
    };
    for (const [[, best], ...others] of found) {
      const item = document.createElement("li");
      item.append(linked(best, best.first ? best.title : `${best.page} › ${best.title}`), excerpt(best, words));
      if (others.length) {
        const also = document.createElement("p");
        also.append(
          "Also in ",
          ...others.slice(0, 3).flatMap(([, section], at) => [at ? ", " : "", linked(section, section.title)])
        );
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
  field.form.addEventListener("submit", (event) => event.preventDefault());
  field.focus();
  show(field.value);
}
