import { httpFailure } from "./http/failures.js";
import { asWire, type GraphRequest } from "./http/graph.js";
import type { TenantReaders } from "./readers.js";

export interface OutgoingMail {
  /** UPN of the sending mailbox. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
}

/**
 * Sends a mail from a mailbox of the tenant through Graph; 202 without a body (learn.microsoft.com/graph/api/user-sendmail).
 * Throws PhotodriftError; a mail that may have left is not sent again.
 */
export async function sendMail(tenant: TenantReaders, mail: OutgoingMail): Promise<void> {
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
    asks: `send a mail from ${mail.from}`,
    needs: "Mail.Send of Microsoft Graph",
    purpose: "write",
    repeat: "if-refused",
  };
  const answer = await graph.send(request);
  if (answer.status < 200 || answer.status > 299) throw httpFailure(asWire(request, graph.origin), answer);
}
