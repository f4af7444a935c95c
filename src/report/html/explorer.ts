import { html, type Html } from "./escape.js";

/** Search, filters and the place where the script puts the entries. */
export function explorer(): Html {
  return html`<section class="explorer" aria-labelledby="h-findings">
    <h2 id="h-findings" class="hidden">Findings</h2>
    <div class="toolbar" id="toolbar" role="search">
      <label class="search"
        ><span class="hidden">Search</span
        ><input
          id="q"
          type="search"
          placeholder="Search name, UPN, object id, file, rule"
          autocomplete="off"
          spellcheck="false"
          maxlength="300"
        /><kbd>/</kbd></label
      >
      <label
        ><span>Rule</span
        ><select id="rule">
          <option value="">all rules</option>
        </select></label
      >
      <label
        ><span>Show</span
        ><select id="show">
          <option value="">everything</option>
          <option value="drift">drift</option>
          <option value="new">new</option>
          <option value="old">persisting</option>
          <option value="other">no drift</option>
        </select></label
      >
      <label
        ><span>Sort</span
        ><select id="sort">
          <option value="severity">most severe</option>
          <option value="name">name</option>
          <option value="count">most findings</option>
          <option value="oldest">oldest</option>
          <option value="newest">newest</option>
        </select></label
      >
      <div class="chips" role="group" aria-label="Severity">
        ${["critical", "error", "warning", "info"].map((s) => html`<button type="button" class="chip" data-severity="${s}" aria-pressed="false"><span class="dot ${s}"></span>${s} <i></i></button>`)}
      </div>
      <div class="chips" role="group" aria-label="Store">
        ${STORES.map(([id, name]) => html`<button type="button" class="chip" data-store="${id}" aria-pressed="false">${name} <i></i></button>`)}
      </div>
      <button type="button" id="reset" class="ghost" hidden>Reset</button>
    </div>
    <div class="line">
      <p id="matches" role="status" aria-live="polite">Reading the findings …</p>
      <nav class="pager" aria-label="Pages"></nav>
    </div>
    <noscript
      ><p class="card">
        Search, filters and pictures need JavaScript, which this viewer does not run. Open the file in a browser.
      </p></noscript
    >
    <div id="entries"></div>
    <div class="line">
      <p class="quiet">
        Keys: <kbd>/</kbd> search, <kbd>Enter</kbd> to the first entry, <kbd>j</kbd> <kbd>k</kbd> next and previous
        entry, <kbd>n</kbd> <kbd>p</kbd> next and previous page
      </p>
      <nav class="pager" aria-label="Pages, below"></nav>
    </div>
  </section>`;
}

const STORES = [
  ["entra", "Entra"],
  ["exchange", "Exchange"],
  ["sharepoint", "SharePoint"],
  ["source", "Masters"],
] as const;
