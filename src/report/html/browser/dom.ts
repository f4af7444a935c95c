type Attribute = string | boolean | null;

/** The element that the page's markup promises. Throws where it is missing: page and program then do not belong together. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`#${id} is missing`);
}

export function all(selector: string): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)];
}

/**
 * An element with attributes and children. `text` is its text; true makes an empty attribute, null and false none. Foreign text only ever
 * becomes text nodes and attribute values, never markup.
 */
export function el(
  tag: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly (Node | string | null)[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value === null ? "" : String(value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Digits grouped by a narrow no-break space. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** An ISO time to the minute, UTC. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
