// Takes the pictures of WhatsApp: the demonstration's phone and what the desk shows of it.

import { test } from "node:test";
import { admin, logIn, open } from "../../tests/browser/support/people.mjs";
import { demonstrate } from "../../tests/browser/support/program.mjs";
import { PHONE, stage } from "../../tests/browser/support/stage.mjs";
import { WIDE, picture } from "./picture.mjs";

const here = stage("[desk]\nundo_seconds = 0\n[policy]\nclarify_floor = 0.25\n", () => {}, demonstrate);

test("what there is of WhatsApp, before and after the window", async () => {
  const phone = await here.open(PHONE);
  await phone.goto(here.program.phone);
  for (const words of ["Hello!", "Quick question.", "When are you open?"]) {
    await phone.fill("#text", words);
    await phone.click("#write button");
  }
  await phone.locator("#thread .choices button").first().waitFor();
  await picture(phone, "whatsapp-customer");

  const ada = await admin(here, WIDE);
  const small = await here.open(PHONE);
  const both = async (look) => {
    await small.context().addCookies(await ada.context().cookies());
    for (const page of [ada, small]) await look(page);
  };
  await both(async (page) => {
    for (const [name, path] of [["whatsapp-inboxes", "/inboxes"], ["whatsapp-setup", "/inboxes/whatsapp"], ["notifications", "/notifications"], ["suppressions", "/suppressions"]]) {
      await page.goto(path);
      await picture(page, name);
    }
    await page.goto("/queue/all");
    await open(page);
    await page.click("label[for=panel-template]");
    await page.selectOption("#template-choose", { label: "order_ready" });
    await page.waitForSelector("[name='value.first_name']");
    await picture(page, "whatsapp-template");
  });
  await phone.click("#day");
  await phone.click("#day");
  await ada.goto("/queue/all");
  await logIn(ada, "Ada");
  await both(async (page) => {
    await page.goto("/queue/all");
    await open(page);
    await picture(page, "whatsapp-closed");
  });
});
