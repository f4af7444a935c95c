import { httpFailure } from "./http/failures.js";
import { asWire, type GraphRequest } from "./http/graph.js";
import type { TenantReaders } from "./index.js";

export interface Mail {
  /** UPN or object id of the mailbox that sends. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
}

/**
 * Sends a mail through Microsoft Graph (`sendMail`, 202 without body); the request must stay under 4 MB. Errors: PhotodriftError, with
 * `outcome-unknown` where nobody knows whether it was sent.
 */
export async function sendMail(tenant: TenantReaders, mail: Mail): Promise<void> {
  const { graph } = tenant.connection;
  const request: GraphRequest = {
    method: "POST",
    path: `/users/${encodeURIComponent(mail.from)}/sendMail`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      message: {
        subject: mail.subject,
        body: { contentType: "HTML", content: mail.html },
        toRecipients: mail.to.map((address) => ({ emailAddress: { address } })),
      },
      saveToSentItems: false,
    }),
    asks: `send mail from ${mail.from}`,
    needs: "Mail.Send of Microsoft Graph",
    purpose: "write",
    repeat: "if-refused",
  };
  const answer = await graph.send(request);
  if (answer.status < 200 || answer.status > 299) throw httpFailure(asWire(request, graph.origin), answer);
}
