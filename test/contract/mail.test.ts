import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sendMail } from "../../src/stores/mail.js";
import { allUsers, sandboxTenant, type SandboxTenant } from "../support/sandbox-tenant.js";
import { readSandbox } from "../../src/sandbox/index.js";

let sandbox: SandboxTenant;

beforeAll(async () => {
  sandbox = await sandboxTenant({ users: 12 });
});
afterAll(async () => {
  await sandbox.stop();
});

// learn.microsoft.com/graph/api/user-sendmail: 202 Accepted, no body; a sender without a mailbox is refused.
describe("mail through Graph", () => {
  it("is sent from the mailbox that the configuration names", async () => {
    const tenant = sandbox.open();
    const from = (await allUsers(tenant)).find(({ licences }) => licences.mailbox)?.upn ?? "";
    await sendMail(tenant, { from, to: ["it@contoso.com"], subject: "Photo drift: 3 new", html: "<p>Ä &amp; ß</p>" });
    const mails = JSON.stringify(await readSandbox(sandbox.dir, "mail"));
    expect(mails).toContain("Photo drift: 3 new");
    expect(mails).toContain("it@contoso.com");
  });

  it("names the permission that is missing", async () => {
    await sandbox.set("role.graph.Mail.Send=off");
    const tenant = sandbox.open();
    const from = (await allUsers(tenant)).find(({ licences }) => licences.mailbox)?.upn ?? "";
    const sending = sendMail(tenant, { from, to: ["it@contoso.com"], subject: "x", html: "x" });
    await expect(sending).rejects.toMatchObject({ hint: expect.stringContaining("Mail.Send") as string });
    await sandbox.set("role.graph.Mail.Send=on");
  });
});
