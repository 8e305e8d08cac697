// Mails at the desk: what is told beside the words, the mail as it came, and what a hostile one achieves.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { isAccessible } from "./support/accessible.mjs";
import { admin, openRow, reads } from "./support/people.mjs";
import { stage } from "./support/stage.mjs";
import { until } from "./support/until.mjs";

const SECRET = "a-secret-of-this-story-with-32-letters";
const here = stage(`
[knowledge]
sample_evidence = false
[[inbox]]
name = 'support'
channel = 'email'
mode = 'draft'
quiet_seconds = 1
[inbox.email]
address = 'support@shop.example'
webhook_secrets = ['${SECRET}']
authserv = ['mx.shop.example']
`);

// Hands a mail in as a provider does.
async function arrive(mail) {
  const [id, at] = [`d-${Math.random()}`, Math.floor(Date.now() / 1000)];
  const signature = createHmac("sha256", SECRET).update(`${id}.${at}.${mail}`).digest("base64");
  const headers = {
    "content-type": "message/rfc822", "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1,${signature}`,
  };
  const answer = await fetch(`${here.url}/webhook/email/support`, { method: "POST", headers, body: mail });
  assert.equal(answer.status, 200, await answer.text());
}

// A mail of two parts.
const mail = ({ from = "Ana Alder <ana@example.com>", subject, text, html, headers = "" }) => [
  `From: ${from}`, "To: support@shop.example", `Subject: ${subject}`, `Message-ID: <${Math.random()}@example.com>`,
  `Date: ${new Date().toUTCString()}`, ...(headers ? [headers] : []), "MIME-Version: 1.0",
  "Content-Type: multipart/alternative; boundary=b", "", "--b", "Content-Type: text/plain; charset=utf-8", "", text, "--b",
  "Content-Type: text/html; charset=utf-8", "", html ?? `<p>${text}</p>`, "--b--", "",
].join("\r\n");

// The row of a mail, by a word of it.
async function row(page, word) {
  await page.goto("/queue/all");
  const row = page.locator(".row", { hasText: word }).first();
  await row.waitFor();
  return (await row.getAttribute("id")).slice(4);
}

test("a mail is told apart from its quotes, with its sender's standing and the original behind it", async () => {
  const ada = await admin(here);
  await arrive(mail({
    subject: "Returns", headers: "Authentication-Results: mx.shop.example; dmarc=pass header.from=example.com",
    text: "How long do I have to return something?\r\n\r\nOn Mon, 2 Nov 2026, Shop <support@shop.example> wrote:\r\n> The old words",
  }));
  await openRow(ada, "all", await row(ada, "How long do I have"));
  await reads(ada, ".mail-head", "ana@example.com");
  await reads(ada, ".auth-pass", "confirmed");
  assert.ok(!(await ada.textContent(".line.customer .bubble")).includes("old words"), "what is quoted is no new word");
  await ada.click(".removed summary");
  await reads(ada, ".removed[open]", "The old words");
  await reads(ada, "#draft-text", "45 days");
  await isAccessible(ada, "a conversation of mails");
  await ada.click(".mail-head a");
  await reads(ada, "h1", "Returns");
  await ada.frameLocator(".mail-looks").locator("text=How long do I have").waitFor();
  await isAccessible(ada, "a mail as it came");
});

test("a hostile mail runs nothing and fetches nothing", async () => {
  const ada = await admin(here);
  const reached = [];
  ada.on("dialog", (dialog) => reached.push(dialog.message()) && dialog.dismiss());
  ada.on("request", (request) => {
    if (!/^(data|about):/.test(request.url()) && !request.url().startsWith(here.url)) reached.push(request.url());
  });
  await arrive(mail({
    from: "\"<img src=x onerror=alert(1)>\" <eve@evil.example>", subject: "<script>alert(2)</script> parcel",
    text: "Where is my purple parcel?", headers: "Authentication-Results: mx.shop.example; dmarc=fail header.from=evil.example",
    html: "<p>Where is my purple parcel?</p><script>alert(3)</script><img src=https://evil.example/pixel onerror=alert(4)>"
      + "<svg onload=alert(5)><style>@import url(https://evil.example/s)</style><div style='background:url(https://evil.example/b)'>x</div>"
      + "<iframe src=https://evil.example></iframe><form action=https://evil.example><input name=password></form><a href='javascript:alert(6)'>click</a>"
      + "<base href=https://evil.example><meta http-equiv=refresh content='0;url=https://evil.example'><link rel=stylesheet href=https://evil.example/c>",
  }));
  const id = await row(ada, "purple parcel");
  await openRow(ada, "all", id);
  await reads(ada, ".auth-fail", "forged");
  await ada.click(".mail-head a");
  const shown = ada.frameLocator(".mail-looks");
  await shown.locator("text=purple parcel").waitFor();
  // The page asks for news by its own address: it answers no form.
  await ada.evaluate("refresh()");
  await shown.locator("text=click").click();
  assert.equal(await shown.locator("script, form, input, iframe, svg, link, meta, base, [style], [onerror], [src]").count(), 0);
  assert.deepEqual(reached, []);
});

test("what a machine sent is filed, marked and not answered", async () => {
  const ada = await admin(here);
  await arrive(mail({ subject: "Out of office", text: "I am at sea until Monday.", headers: "Auto-Submitted: auto-replied" }));
  await until("it is filed", async () => {
    await ada.goto("/queue/resolved");
    return ada.locator(".row", { hasText: "at sea" }).count();
  });
  await ada.locator(".row", { hasText: "at sea" }).click();
  await reads(ada, ".mail-head", "automatic reply");
  assert.equal(await ada.locator("#draft-text").count(), 0);
});

test("the inboxes tell how their mails fare", async () => {
  const ada = await admin(here);
  await ada.goto("/inboxes");
  await reads(ada, "table", "support@shop.example");
  await reads(ada, "table", "by webhook");
  await isAccessible(ada, "the inboxes");
});
