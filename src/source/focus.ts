import type { Focus } from "../model/list.js";

/** Two numbers with a comma or semicolon between them; percent signs and blanks do not matter. */
const POINT = /^(\d+(?:\.\d+)?)\s*%?\s*[,;]\s*(\d+(?:\.\d+)?)\s*%?$/;

/** Reads the cell `focus` of a mapping row: "x,y" in percent of the picture. An empty cell says nothing. */
export function parseFocus(cell: string): { readonly focus: Focus | null; readonly focusProblem: string | null } {
  const text = cell.trim();
  if (text === "") return { focus: null, focusProblem: null };
  const match = POINT.exec(text);
  if (match === null) {
    const problem = `the focus "${text}" is not "x,y" in percent (write it in quotes where the comma parts the columns: "50,40")`;
    return { focus: null, focusProblem: problem };
  }
  const [x, y] = [Number(match[1]), Number(match[2])];
  if (x > 100 || y > 100) return { focus: null, focusProblem: `the focus "${text}" lies outside the picture` };
  return { focus: { x, y }, focusProblem: null };
}
