// The pages of the desk that have an address of their own.

export const PAGES = [
  "/queue/approval", "/queue/handed-off", "/queue/mine", "/queue/with-bot", "/queue/snoozed", "/queue/resolved",
  "/queue/audit", "/queue/all", "/search", "/search?q=return", "/knowledge", "/knowledge?q=warranty", "/trust",
  "/ask", "/ask?q=How+long+do+I+have+to+return+something%3F", "/people", "/people/teams", "/people/hours", "/people/log", "/people/tokens",
  "/account", "/account/two-step", "/replies", "/blocked", "/views", "/inboxes", "/inboxes/email",
  "/inboxes/whatsapp", "/notifications", "/suppressions",
];
