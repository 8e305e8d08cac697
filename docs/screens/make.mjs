// Takes the pictures of this folder: every page, wide and on a phone, light and dark.
//
//   TEST_BROWSER_MODULES=FOLDER node --test docs/screens/*.mjs
//
// FOLDER is one into which npm has put playwright-core; the debug build of the program is played on.

import { createHmac } from "node:crypto";
import { test } from "node:test";
import { admin, ask, invitation, openRow, reads, write } from "../../tests/browser/support/people.mjs";
import { PHONE, stage } from "../../tests/browser/support/stage.mjs";
import { until } from "../../tests/browser/support/until.mjs";
import { WIDE, picture } from "./picture.mjs";

const QUESTION = "How long do I have to return something?";
const SECRET = "a-secret-of-these-pictures-32-letters";
const mailbox = `[[inbox]]\nname = 'support'\nchannel = 'email'\nmode = 'draft'\nquiet_seconds = 1\n[inbox.email]\naddress = 'support@shop.example'\nwebhook_secrets = ['${SECRET}']\nauthserv = ['mx.shop.example']\n`;
const inbox = (name, mode) => `[[inbox]]\nname = '${name}'\nchannel = 'webchat'\nmode = '${mode}'\nquiet_seconds = 1\n`;
const here = stage(`${inbox("web", "auto")}${mailbox}[policy]\naudit_share = 1.0\n`, ({ program }) => program.answersByItself());

// What customers have written by the time that the pictures are taken.
async function life() {
  const texts = [
    "What is the pole length formula?", "Kann ich Schuhe umtauschen, die ich schon getragen habe?",
    "Can you teach my parrot to whistle?", "My parcel arrived damaged and nobody answers my mails!", QUESTION,
  ];
  const ids = [];
  for (const text of texts) ids.push(await write(here, text));
  await write(here, "When is the Bristol store open?");
  return ids;
}

// What is kept and put away in a desk that is in use.
async function sorted(page) {
  await page.goto("/blocked");
  if (await page.locator("text=Unblock").count()) return;
  await page.goto(`/conversations/${await write(here, "Win a prize now")}?queue=all`);
  await page.click("summary >> text=Block");
  await page.fill("#block-reason", "Only advertising");
  await until("the page has been read", () => page.evaluate("performance.now() - shownAt >= READING"));
  await page.press("#block-reason", "Enter");
  await reads(page, "#head .blocked", "Only advertising");
  for (const [query, name] of [["return", "Returns"], ["parrot", "Parrots"]]) {
    await page.goto(`/search?q=${query}`);
    await page.click("text=Keep this search");
    await page.fill("#view-name", name);
    await page.press("#view-name", "Enter");
    await reads(page, "#views", name);
  }
}

// A customer's mail, handed in as a provider does.
async function mail() {
  const mail = [
    "From: Ana Alder <ana@example.com>", "To: support@shop.example", "Subject: Boots that do not fit", "Message-ID: <boots@example.com>",
    "Authentication-Results: mx.shop.example; dmarc=pass header.from=example.com", `Date: ${new Date().toUTCString()}`, "MIME-Version: 1.0",
    "Content-Type: text/html; charset=utf-8", "", `<p>Hello,</p><p>${QUESTION}</p><p><b>Ana Alder</b><br>Alder &amp; Sons</p>`,
    "<div class=gmail_quote>On Mon, 2 Nov 2026, Hollow Oak wrote:<blockquote>Your boots are on their way.</blockquote></div>",
  ].join("\r\n");
  const at = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", SECRET).update(`boots.${at}.${mail}`).digest("base64");
  const headers = { "content-type": "message/rfc822", "webhook-id": "boots", "webhook-timestamp": `${at}`, "webhook-signature": `v1,${signature}` };
  await fetch(`${here.url}/webhook/email/support`, { method: "POST", headers, body: mail });
}

let ids;

for (const device of [WIDE, PHONE]) {
  test(`every page on a screen of ${device.viewport.width}`, async () => {
    ids ??= await life();
    const stranger = await here.open(device);
    if (!here.state) {
      await stranger.goto(here.program.firstAdmin());
      await picture(stranger, "join");
    }
    const ada = await admin(here, device);
    for (const id of ids) await ada.goto("/queue/all").then(() => ada.waitForSelector(`#row-${id}`));
    await ada.goto("/queue/approval");
    await ada.waitForSelector(".row");
    await picture(ada, "queue");
    await ada.locator(".pick-box input").first().check();
    await picture(ada, "many");
    await ada.locator(".pick-box input").first().uncheck();
    await openRow(ada, "approval", await ada.locator(".row").first().getAttribute("id").then((id) => id.slice(4)));
    await picture(ada, "draft");
    await openRow(ada, "handed-off", ids[2]);
    await picture(ada, "handed-off");
    await mail();
    await ada.goto("/queue/all");
    await ada.locator(".row", { hasText: "support" }).first().click();
    await ada.waitForSelector(".mail-head");
    await picture(ada, "mail");
    await ada.click(".mail-head a");
    await ada.waitForSelector("iframe");
    await picture(ada, "mail-original");
    await ada.goto("/queue/audit");
    await ada.click(".row");
    await reads(ada, ".panel-audit", "Was it right");
    await picture(ada, "audit");
    for (const [name, path] of [
      ["search", "/search?q=return"], ["knowledge", "/knowledge"], ["trust", "/trust"], ["account", "/account"],
      ["two-step", "/account/two-step"], ["teams", "/people/teams"], ["hours", "/people/hours"], ["logbook", "/people/log"], ["tokens", "/people/tokens"],
      ["ask", `/ask?q=${encodeURIComponent(QUESTION)}`], ["empty", "/queue/snoozed"],
      ["replies", "/replies"], ["inboxes", "/inboxes"], ["mailbox", "/inboxes/email"], ["article", "/knowledge/articles/returns?excerpt=45+days"],
    ]) {
      await ada.goto(path);
      if (name === "ask") {
        await ada.locator(".ask-form button").click();
        await ada.waitForSelector(".ask-answer");
      }
      await picture(ada, name);
    }
    await ada.goto(`/conversations/${ids[0]}/same-person`);
    await picture(ada, "same-person");
    await sorted(ada);
    for (const place of ["views", "blocked"]) {
      await ada.goto(`/${place}`);
      await picture(ada, place);
    }
    await invitation(ada);
    await picture(ada, "people");
    await stranger.goto("/login");
    await picture(stranger, "login");
    const customer = await here.open(device);
    await customer.goto("/chat/web");
    await customer.locator("#chat-text").fill("When is the Bristol store open?");
    await customer.locator("#chat-text").press("Enter");
    await customer.waitForSelector(".message.bot");
    await picture(customer, "chat");
    const waiting = await ask(here, "Can you teach my parrot to whistle?", device);
    await waiting.waitForSelector("#chat[data-with=waiting]");
    await waiting.click("#chat-email-way");
    await picture(waiting, "chat-waiting");
    const mirrored = await ask(here, "هل تصلحون الخيام؟", { ...device, locale: "ar-EG" });
    await mirrored.waitForSelector("#chat[data-with=waiting]");
    await picture(mirrored, "chat-arabic");
    ada.complaints.length = stranger.complaints.length = customer.complaints.length = 0;
  });
}
