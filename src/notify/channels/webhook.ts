import { createHmac } from "node:crypto";
import { hostOf, type Channel } from "../channel.js";
import { headline, type RunMessage } from "../message.js";
import { postJson } from "../post.js";

export const channel: Channel<"webhook"> = {
  target: hostOf,
  send({ url, secret }, message, ports) {
    const body = webhookBody(message);
    return postJson(url.reveal(), body, webhookHeaders(body, message.run.id, secret?.reveal() ?? null), ports);
  },
};

/** The JSON that a webhook receives. `formatVersion` grows when a field changes its meaning. */
function webhookBody(message: RunMessage): string {
  const { run, tenantName, summary, drift, schedule, error, topFindings, people, steps, openDecisions, report } =
    message;
  return JSON.stringify({
    formatVersion: "1.0",
    event: "run-finished",
    title: headline(message),
    tenantName,
    report,
    openDecisions,
    nextSteps: steps,
    people,
    schedule,
    run,
    summary,
    drift,
    error,
    findings: topFindings,
  });
}

/**
 * `X-Photodrift-Signature: sha256=<hex>`, the HMAC-SHA256 of the body's bytes under the shared secret; `X-Photodrift-Delivery` is the
 * same for every attempt of one run, so that a receiver can drop doubles.
 */
function webhookHeaders(body: string, runId: string, secret: string | null): { readonly [name: string]: string } {
  const delivery = {
    "x-photodrift-event": "run-finished",
    "x-photodrift-delivery": runId.replace(/[^\x21-\x7e]/g, "_"),
  };
  if (secret === null) return delivery;
  const signature = createHmac("sha256", secret).update(body, "utf8").digest("hex");
  return { ...delivery, "x-photodrift-signature": `sha256=${signature}` };
}
