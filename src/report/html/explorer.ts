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
          <option value="open">open decisions</option>
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
        entry, <kbd>n</kbd> <kbd>p</kbd> next and previous page, <kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> decide,
        <kbd>u</kbd> undo, <kbd>?</kbd> help
      </p>
      <nav class="pager" aria-label="Pages, below"></nav>
    </div>
    ${deciding()}
    <div class="sign" aria-hidden="true"><span>Decided by</span><span>Date</span><span>Signature</span></div>
  </section>`;
}

/** What a person decides by eye, and the file that carries it to `photodrift decide`. Shown by the script where there is something to decide. */
function deciding(): Html {
  return html`<section id="decisions" class="deciding" aria-labelledby="h-decisions" hidden>
      <h2 id="h-decisions" class="hidden">Decisions</h2>
      <div class="row">
        <b id="decided" role="status"></b>
        <progress id="progress" aria-labelledby="decided" value="0" max="1"></progress>
        <p id="said" class="quiet" role="status" aria-live="polite"></p>
        <button type="button" id="takeback" class="ghost">Undo</button>
        <button type="button" id="save" class="primary">Save decisions</button>
      </div>
      <details id="more" open>
        <summary>Name, whole list, saved file</summary>
        <div class="row">
          <label class="name"
            ><span>Decided by</span><input id="by" autocomplete="name" maxlength="200" placeholder="your name"
          /></label>
          <label
            ><span>All of this list</span
            ><select id="bulk">
              <option value="">decide …</option>
              <option value="fix">put right</option>
              <option value="keep">keep what is there</option>
              <option value="leave">leave it</option>
            </select></label
          >
          <label class="ghost file"
            ><span>Take up a saved file</span><input id="restore" type="file" accept=".json,application/json"
          /></label>
        </div>
      </details>
      <div id="next" hidden>
        <p>The decisions are saved. In the folder where the file is, type:</p>
        <ol id="commands"></ol>
      </div>
    </section>
    <dialog id="help" aria-labelledby="h-help">
      <h2 id="h-help">Keys</h2>
      <dl>
        <dt><kbd>/</kbd></dt>
        <dd>search</dd>
        <dt><kbd>j</kbd> <kbd>k</kbd></dt>
        <dd>next and previous entry</dd>
        <dt><kbd>n</kbd> <kbd>p</kbd></dt>
        <dd>next and previous page</dd>
        <dt><kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd></dt>
        <dd>put right, keep, leave: the finding in focus, or all of the entry</dd>
        <dt><kbd>u</kbd></dt>
        <dd>take the last decision back</dd>
        <dt><kbd>o</kbd></dt>
        <dd>larger pictures of the entry; there <kbd>b</kbd> blinks and arrows slide</dd>
        <dt><kbd>?</kbd></dt>
        <dd>this help; <kbd>Esc</kbd> closes it</dd>
      </dl>
      <form method="dialog"><button class="ghost">Close</button></form>
    </dialog>
    <dialog id="larger" aria-labelledby="h-larger">
      <header>
        <h2 id="h-larger">Larger pictures</h2>
        <span id="turn" class="quiet"></span>
        <form method="dialog"><button class="ghost" aria-label="Close">✕</button></form>
      </header>
      <div class="look">
        <div>
          <div class="compare" id="compare"></div>
          <label class="slide"
            ><span id="h-slide">Master over stored picture</span
            ><input id="slide" type="range" min="0" max="100" value="50"
          /></label>
          <p class="row">
            <button type="button" id="blink" class="ghost" aria-pressed="false">Blink</button
            ><label
              ><span>Stored picture</span
              ><select id="stored"></select
            ></label>
          </p>
        </div>
        <div>
          <p id="differs" aria-live="polite"></p>
          <div id="choices"></div>
          <div id="true-sizes" hidden>
            <h3>At true size: stored, and the master beside it</h3>
            <div id="truly"></div>
          </div>
          <p class="quiet keys">
            <kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>1</kbd> <kbd>2</kbd> <kbd>3</kbd> decide,
            <kbd>u</kbd> undo, <kbd>b</kbd> blink, <kbd>←</kbd> <kbd>→</kbd> slide, <kbd>Esc</kbd> close
          </p>
        </div>
      </div>
    </dialog>`;
}

const STORES = [
  ["entra", "Entra"],
  ["exchange", "Exchange"],
  ["sharepoint", "SharePoint"],
  ["source", "Masters"],
] as const;
