import { choices } from "./decide-bar.js";
import { questionsOf, type Question } from "./decisions.js";
import { alike } from "./alike.js";
import { byId, count, el } from "./dom.js";
import { detailOf, type Detail, type Entry, type Picture } from "./entries.js";

/** Master over stored picture, larger; thumbnails at their true size; the difference in words; and the choices. */

const BLINK_MS = 700;
/** Longer sides up to this are shown at true size: all that the page holds of a picture. */
const MOST_TRUE = 240;

let blinking: ReturnType<typeof setInterval> | undefined;
let entry: Entry | null = null;
let detail: Detail | null = null;
/** The entries to go through with j and k. */
let list: readonly Entry[] = [];

const dialog = byId("larger", HTMLDialogElement);
const slide = byId("slide", HTMLInputElement);
const select = byId("stored", HTMLSelectElement);

function isMaster({ address }: Picture): boolean {
  return address.startsWith("source/");
}

function pictured(of: Detail | null): readonly Picture[] {
  return (of?.pictures ?? []).filter(({ src }) => src !== null);
}

/** Shows the master over one stored picture. @param address the picture to begin with; null: the first with a finding @param among entries to go through */
export function openLarger(shown: Entry, address: string | null, among: readonly Entry[]): void {
  const found = detailOf(shown);
  const all = pictured(found);
  const [first] = all;
  if (first === undefined) return;
  entry = shown;
  detail = found;
  list = among;
  const stored = all.filter((one) => !isMaster(one));
  const faulty = stored.find((one) => found.findings.some((finding) => finding.address === one.address));
  const begin = stored.find((one) => one.address === address) ?? faulty ?? stored[0] ?? first;
  select.replaceChildren(
    ...stored.map(({ address: value, label, note }) => el("option", { value, text: `${label}, ${note}` })),
  );
  select.value = begin.address;
  dialog.dataset["n"] = String(shown.n);
  byId("h-larger", HTMLElement).textContent = shown.name || shown.upn;
  const at = list.indexOf(shown);
  byId("turn", HTMLElement).textContent = at === -1 ? "" : `${count(at + 1)} of ${count(list.length)}`;
  show(begin);
  if (!dialog.open) dialog.showModal();
  slide.focus();
}

/** Goes on to the next entry that has pictures; -1 goes back. */
export function turnLarger(by: 1 | -1): void {
  if (entry === null) return;
  const at = list.indexOf(entry);
  for (let next = at + by; next >= 0 && next < list.length; next += by) {
    const candidate = list[next];
    if (candidate === undefined || pictured(detailOf(candidate)).length === 0) continue;
    openLarger(candidate, null, list);
    return;
  }
}

/** The questions about the picture shown. */
export function questionsInLarger(): readonly Question[] {
  if (entry === null || detail === null) return [];
  const ids = new Set(
    alike(detail.findings)
      .filter((block) => block.some(({ address }) => address === select.value))
      .flatMap((block) => block.flatMap(({ ask }) => (ask === null ? [] : [ask.id]))),
  );
  return questionsOf(entry).filter(({ ask }) => ids.has(ask.id));
}

/** Shows the choices anew after a decision; the focus stays on the same choice. */
export function refreshLarger(): void {
  if (!dialog.open) return;
  const { decide } = document.activeElement instanceof HTMLElement ? document.activeElement.dataset : {};
  byId("choices", HTMLElement).replaceChildren(...[choices(questionsInLarger())].filter((one) => one !== null));
  if (decide !== undefined) dialog.querySelector<HTMLElement>(`[data-decide="${decide}"]`)?.focus();
}

function show(stored: Picture): void {
  const all = pictured(detail);
  const over = all.find(isMaster) ?? all.find((one) => one !== stored) ?? stored;
  draw("under", stored);
  draw("over", over);
  byId("h-slide", HTMLElement).textContent = `${over.label} over ${stored.label}`;
  slideTo(50);
  const here = detail?.findings.filter(({ address }) => address === stored.address) ?? [];
  const said = here.flatMap(({ summary, difference }) => [summary, difference]);
  byId("differs", HTMLElement).textContent = [...new Set(said)].join(" ");
  showTrueSizes(over);
  byId("choices", HTMLElement).replaceChildren(...[choices(questionsInLarger())].filter((one) => one !== null));
}

function draw(id: "under" | "over", { src, label, note }: Picture): void {
  const image = byId(id, HTMLImageElement);
  image.src = src ?? "";
  image.alt = `${label}, ${note}`;
}

/** Small stored pictures in their own pixels, each beside the master in as many. */
function showTrueSizes(over: Picture): void {
  const small = pictured(detail).filter((one) => !isMaster(one) && one.side > 0 && one.side <= MOST_TRUE);
  byId("true-sizes", HTMLElement).hidden = small.length === 0;
  byId("truly", HTMLElement).replaceChildren(
    ...small.map((one) =>
      el(
        "figure",
        {},
        ...[one, over].map((part) =>
          el("img", { src: part.src, alt: part.label, width: String(one.side), height: String(one.side) }),
        ),
        el("figcaption", { text: `${one.label}, ${one.side} px` }),
      ),
    ),
  );
}

/** @param share of the width that the master covers, percent */
function slideTo(share: number): void {
  slide.value = String(share);
  byId("over", HTMLImageElement).style.clipPath = `inset(0 ${100 - share}% 0 0)`;
  byId("edge", HTMLElement).style.left = `${share}%`;
}

/** Shows master and stored picture by turns. */
export function toggleBlink(): void {
  blink(byId("blink", HTMLButtonElement).getAttribute("aria-pressed") !== "true");
}

function blink(on: boolean): void {
  clearInterval(blinking);
  byId("blink", HTMLButtonElement).setAttribute("aria-pressed", String(on));
  if (!on) return;
  let shown = false;
  blinking = setInterval(() => {
    shown = !shown;
    slideTo(shown ? 100 : 0);
  }, BLINK_MS);
}

/** Wires the dialog of larger pictures. */
export function wireLarger(): void {
  byId("compare", HTMLElement).replaceChildren(
    ...["under", "over"].map((id) => el("img", { id, alt: "", width: "480", height: "480" })),
    el("span", { id: "edge", "aria-hidden": "true" }),
  );
  slide.addEventListener("input", () => {
    blink(false);
    slideTo(Number(slide.value));
  });
  byId("compare", HTMLElement).addEventListener("pointermove", (event) => {
    if (event.buttons === 0 && event.pointerType === "mouse") return;
    const { left, width } = byId("compare", HTMLElement).getBoundingClientRect();
    blink(false);
    slideTo(Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * 100));
  });
  byId("blink", HTMLButtonElement).addEventListener("click", toggleBlink);
  select.addEventListener("change", () => {
    const picture = pictured(detail).find(({ address }) => address === select.value);
    if (picture !== undefined) show(picture);
  });
  dialog.addEventListener("close", () => blink(false));
}
