
"use strict";
(() => {
  const STEP = 60; // entries that are shown at once: a page of thousands would be slow to lay out
  const main = document.getElementById("entries");
  const box = document.getElementById("query");
  const said = document.getElementById("said");
  const chosen = document.getElementById("chosen");
  const more = document.getElementById("more");
  const tags = document.getElementById("tags");
  const total = main.querySelectorAll("article").length;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
  const wordsOf = (text) => fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  // Where words are not divided by spaces, a word is looked for anywhere.
  const RUNS_ON = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

  const all = [...main.children].map((node) => {
    const own = [...node.querySelectorAll(":scope > .about .tag")].map((tag) => tag.dataset.tag);
    const title = " " + wordsOf(node.querySelector("h2").textContent).join(" ") + " ";
    const head = title + wordsOf(own.join(" ")).join(" ") + " ";
    const found_by = new Set(own.concat(JSON.parse(node.dataset.implied ?? "[]")));
    return { node, found_by, title, head, text: null };
  });
  const byId = new Map(all.map((each) => [each.node.id, each]));
  const textOf = (each) => (each.text ??= each.head + wordsOf(each.node.querySelector(".body").textContent).join(" ") + " ");

  let hits = all;
  let shown = 0;
  let words = [];
  let wanted = new Set();

  function score(each) {
    let sum = 0;
    for (const word of words) {
      const start = RUNS_ON.test(word) ? word : " " + word;
      if (!textOf(each).includes(start)) return 0;
      sum += each.title.includes(start + " ") ? 8 : each.title.includes(start) ? 5 : each.head.includes(start) ? 3 : textOf(each).includes(start + " ") ? 2 : 1;
    }
    return sum;
  }

  function find() {
    words = wordsOf(box.value);
    const tagged = wanted.size ? all.filter((each) => [...wanted].every((tag) => each.found_by.has(tag))) : all;
    if (words.length) {
      const scored = [];
      for (const each of tagged) {
        const value = score(each);
        if (value) scored.push([value, each]);
      }
      hits = scored.sort((a, b) => b[0] - a[0]).map((pair) => pair[1]); // equal ones keep their order
    } else {
      hits = tagged;
    }
    shown = 0;
    show(STEP);
    tell();
  }

  function show(count) {
    const piece = document.createDocumentFragment();
    const until = Math.min(hits.length, shown + count);
    for (const each of hits.slice(shown, until)) piece.append(each.node);
    if (shown) main.append(piece); else main.replaceChildren(piece);
    shown = until;
    more.hidden = shown >= hits.length;
    more.firstElementChild.textContent = `Show more (${(hits.length - shown).toLocaleString("en")} left)`;
    mark();
  }

  function tell() {
    const is_all = !words.length && !wanted.size;
    const count = (number) => number.toLocaleString("en");
    const what = total === 1 ? "entry" : "entries";
    said.textContent = is_all ? `${count(total)} ${what}` : hits.length ? `${count(hits.length)} of ${count(total)} ${what}` : "Nothing was found";
    for (const button of document.querySelectorAll("button.tag")) press(button);
    chosen.replaceChildren(...[...wanted].map((tag) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tag";
      button.dataset.tag = tag;
      button.textContent = tag;
      button.setAttribute("aria-label", `Remove the tag ${tag}`);
      button.setAttribute("aria-pressed", "true");
      return button;
    }));
  }

  function press(button) {
    button.setAttribute("aria-pressed", String(wanted.has(button.dataset.tag)));
  }

  // Found words are marked without touching the text: a browser that cannot do it shows them unmarked.
  function mark() {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("found");
    if (!words.length) return;
    const some = words.map((word) => (RUNS_ON.test(word) ? word : `(?<![\\p{L}\\p{N}])${word}`)).join("|");
    const pattern = new RegExp(some, "giu");
    const ranges = [];
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && ranges.length < 2000; node = walker.nextNode()) {
      for (const found of node.data.matchAll(pattern)) {
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  function remember() {
    const state = new URLSearchParams();
    if (box.value.trim()) state.set("q", box.value.trim());
    for (const tag of wanted) state.append("tag", tag);
    const hash = state.toString();
    try {
      history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    } catch { /* a page in a frame may not */ }
  }

  function recall() {
    const hash = location.hash.slice(1);
    const named = byId.get(hash);
    const state = new URLSearchParams(named || hash === "entries" ? "" : hash);
    if (hash === "entries") return;
    box.value = state.get("q") ?? "";
    wanted = new Set(state.getAll("tag"));
    find();
    if (named) {
      while (shown <= all.indexOf(named)) show(STEP);
      named.node.scrollIntoView(); // where Tab goes on from, the browser knows by itself
    }
  }

  function choose(tag) {
    if (!wanted.delete(tag)) wanted.add(tag);
    remember();
    find();
    scrollTo(0, 0);
  }

  function step(by) {
    const titles = [...main.querySelectorAll("h2 a")];
    const at = titles.indexOf(document.activeElement) + by;
    if (document.activeElement === box && by < 0) return;
    if (at < 0) box.focus(); else titles[Math.min(at, titles.length - 1)]?.focus();
  }

  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(); find(); scrollTo(0, 0); }, all.length > 2000 ? 60 : 0);
  });
  document.addEventListener("click", (event) => {
    const tag = event.target.closest("button.tag");
    if (tag) choose(tag.dataset.tag);
    else if (event.target.closest("#more button")) show(STEP);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const is_typing = event.target === box;
    if (event.key === "/" && !is_typing) { event.preventDefault(); box.focus(); box.select(); }
    else if (event.key === "Escape" && (box.value || wanted.size)) { box.value = ""; wanted.clear(); remember(); find(); box.focus(); }
    else if (event.key === "ArrowDown" && (is_typing || event.target.closest("h2"))) { event.preventDefault(); step(1); }
    else if (event.key === "ArrowUp" && event.target.closest("h2")) { event.preventDefault(); step(-1); }
    else if (event.key === "Enter" && is_typing) step(1);
  });
  addEventListener("hashchange", recall);
  addEventListener("beforeprint", () => show(hits.length));
  if ("IntersectionObserver" in window) {
    new IntersectionObserver((seen) => { if (seen[0].isIntersecting) show(STEP); }, { rootMargin: "600px" }).observe(more);
  }

  document.getElementById("search").hidden = false;
  tags.hidden = !tags.querySelector("button");
  recall();
  (window.requestIdleCallback ?? setTimeout)(() => all.forEach(textOf)); // before the first key is struck
})();
