import { byId, el } from "./dom.js";
import { detailOf, type Detail, type Entry, type Picture } from "./entries.js";

const BLINK_MS = 700;

let blinking: ReturnType<typeof setInterval> | undefined;
let detail: Detail | null = null;

function pictured(): readonly Picture[] {
  return (detail?.pictures ?? []).filter(({ jpeg }) => jpeg !== null);
}

/** Shows the master over one stored picture. @param address the picture to begin with; null: the first with a finding */
export function openLarger(entry: Entry, address: string | null): void {
  detail = detailOf(entry);
  const stored = pictured().filter((one) => !one.address.startsWith("source/"));
  const [first] = pictured();
  if (first === undefined) return;
  const faulty = stored.find((one) => detail?.findings.some((finding) => finding.address === one.address) === true);
  const begin = stored.find((one) => one.address === address) ?? faulty ?? stored[0] ?? first;
  const select = byId("stored", HTMLSelectElement);
  select.replaceChildren(
    ...stored.map(({ address: value, label, note }) => el("option", { value, text: `${label} ${note}` })),
  );
  select.value = begin.address;
  byId("h-larger", HTMLElement).textContent = entry.name || entry.upn;
  show(begin);
  byId("larger", HTMLDialogElement).showModal();
}

function show(stored: Picture): void {
  const master = pictured().find(({ address }) => address.startsWith("source/"));
  draw("under", stored);
  draw("over", master ?? stored);
  slideTo(50);
  const here = detail?.findings.filter(({ address }) => address === stored.address) ?? [];
  byId("differs", HTMLElement).textContent = [...new Set(here.map(({ summary }) => summary))].join(" ");
}

function draw(id: "under" | "over", { jpeg, label }: Picture): void {
  const image = byId(id, HTMLImageElement);
  image.src = `data:image/jpeg;base64,${jpeg ?? ""}`;
  image.alt = label;
}

/** @param share of the width that the master covers, percent */
function slideTo(share: number): void {
  byId("slide", HTMLInputElement).value = String(share);
  byId("over", HTMLImageElement).style.clipPath = `inset(0 ${100 - share}% 0 0)`;
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
    ...["under", "over"].map((id) => el("img", { id, alt: "", width: "360", height: "360" })),
  );
  const isBlinking = (): boolean => byId("blink", HTMLButtonElement).getAttribute("aria-pressed") === "true";
  byId("slide", HTMLInputElement).addEventListener("input", () => {
    blink(false);
    slideTo(Number(byId("slide", HTMLInputElement).value));
  });
  byId("blink", HTMLButtonElement).addEventListener("click", () => blink(!isBlinking()));
  byId("stored", HTMLSelectElement).addEventListener("change", () => {
    const { value } = byId("stored", HTMLSelectElement);
    const picture = pictured().find(({ address }) => address === value);
    if (picture !== undefined) show(picture);
  });
  byId("larger", HTMLDialogElement).addEventListener("close", () => blink(false));
}
