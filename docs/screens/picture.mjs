// Takes a picture of a page by day and by night, under a name and the device that it is shown on.

import { fileURLToPath } from "node:url";
import { PHONE } from "../../tests/browser/support/stage.mjs";

export const WIDE = { viewport: { width: 1440, height: 900 } };

export async function picture(page, name) {
  const device = page.viewportSize().width === PHONE.viewport.width ? "phone" : "wide";
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const path = fileURLToPath(new URL(`${name}-${device}-${colorScheme}.jpg`, import.meta.url));
    await page.screenshot({ path, type: "jpeg", quality: 72 });
  }
}
