import { RULE_WORDS } from "../../model/rule.js";
import { oneRowARule, type RuleTally } from "../digest.js";
import * as words from "../wording.js";
import { html, type Html } from "./escape.js";

/** One row a rule: what is wrong in plain words, the rule's id, a bar and the number of findings. Each row is a filter. */
export function ruleBars(tallies: readonly RuleTally[]): Html {
  const rules = oneRowARule(tallies);
  if (rules.length === 0) return html`<p class="quiet">The run found nothing.</p>`;
  const most = Math.max(...rules.map(({ findings }) => findings));
  return html`<ul class="rules">
    ${rules.map(
      ({ rule, severity, findings }) =>
        html`<li>
          <button type="button" data-rule="${rule}" aria-pressed="false" title="Show only ${rule} (${severity})">
            <span class="dot ${severity}"></span
            ><span class="name"><span class="plainly">${RULE_WORDS[rule]}</span> <span class="id">${rule}</span></span
            ><svg class="bar ${severity}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="6" />
              <rect width="${Math.max(1, Math.round((findings / most) * 100))}" height="6" /></svg
            ><span class="n">${words.count(findings, GAP)}</span>
          </button>
        </li>`,
    )}
  </ul>`;
}

/** Narrow no-break space. */
const GAP = "\u202f";
