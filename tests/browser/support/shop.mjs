// A shop's page elsewhere, with a strict policy of its own, that holds the chat in its corner.

import { createServer } from "node:http";

// Serves the page on a port of its own; where the chat is, is told once that is known.
export async function openShop() {
  // `attributes` stand in the script's element, such as a token.
  const shop = { chat: "", attributes: "" };
  const server = createServer((request, answer) => {
    const { origin } = new URL(shop.chat);
    answer.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; script-src ${origin}; frame-src ${origin}; img-src data:`,
    });
    answer.end(`<!doctype html><html lang="en"><head><title>A shop</title><meta name="viewport" content="width=device-width, initial-scale=1">
      <link rel="icon" href="data:,"></head>
      <body><main><h1>A shop</h1></main><script async src="${shop.chat}/widget.js" ${shop.attributes}></script></body></html>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A story that fails to close it ends all the same.
  server.unref();
  shop.origin = `http://127.0.0.1:${server.address().port}`;
  shop.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return shop;
}
