import { nextSteps, type NextStep } from "../../model/next-steps.js";
import { RULE_WORDS } from "../../model/rule.js";
import type { ReportSource } from "../../model/report.js";
import { plain } from "../../model/text.js";
import type { Digest } from "../digest.js";
import { html, type Html } from "./escape.js";

/** What to do now: one step a line, who acts on what, and the commands with the run's own paths. Whole without the script. */
export function whatNow({ run, places, summary }: ReportSource, { work }: Digest): Html {
  const steps = nextSteps(run, work, places, summary.narrowedTo);
  return html`<section class="card now" aria-labelledby="h-now">
    <h2 id="h-now">What to do now</h2>
    <ol>
      ${steps.map(stepItem)}
    </ol>
  </section>`;
}

const TITLES: Readonly<Record<NextStep["kind"], string>> = {
  look: "Look again",
  decide: "Decide",
  apply: "Apply",
  name: "Name the rule",
  repair: "Repair outside",
  wait: "Wait",
  done: "Nothing to do",
  back: "Take back",
};

function stepItem({ kind, sentence, commands, rules }: NextStep): Html {
  return html`<li class="step-${kind}">
    <b>${TITLES[kind]}</b>
    <div>
      <p>${sentence}</p>
      ${
        rules.length === 0
          ? html``
          : html`<p class="quiet about">
              ${rules.map((rule) => html`<button type="button" class="link" data-rule="${rule}" aria-pressed="false" title="Show only ${rule}">${RULE_WORDS[rule]}</button> `)}
            </p>`
      }
      ${kind === "decide" ? html`<p class="goto"><button type="button" class="link" data-show="open">show them here</button></p>` : html``}
      ${commands.map(copyCommand)}
    </div>
  </li>`;
}

/** A command to type, copied by a click. */
export function copyCommand(command: string): Html {
  return html`<button type="button" class="copy" title="Copy this command" data-copy="${plain(command)}">
    <code>${plain(command)}</code>
  </button>`;
}
