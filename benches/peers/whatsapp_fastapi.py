"""The same duty as Sureply's webhook for WhatsApp, in FastAPI with sqlite3: prove that a body is Meta's, read it,
store every message once and how far each delivery got in one transaction that reaches the disk, and only then
answer 200.

`python benches/peers/whatsapp_fastapi.py FILE PORT` with APP_SECRET in the environment; `cargo bench --bench
whatsapp` runs it. One process, since SQLite has one writer, which has a thread of its own: bodies are checked and
read while it waits for the disk.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from fastapi import FastAPI, Request, Response

SECRET = os.environ["APP_SECRET"].encode()
TABLES = """
create table if not exists message (
    id text primary key, sender text not null, kind text not null, body text, raw text not null
);
create table if not exists delivery (
    id text primary key, callback text, state text not null, rank integer not null, raw text not null
);
"""
RANK = {"sent": 1, "delivered": 2, "read": 3, "failed": 0}
MESSAGE = "insert into message (id, sender, kind, body, raw) values (?, ?, ?, ?, ?) on conflict do nothing"
STATUS = """insert into delivery (id, callback, state, rank, raw) values (?, ?, ?, ?, ?)
            on conflict (id) do update set state = excluded.state, rank = excluded.rank, raw = excluded.raw
            where excluded.rank > delivery.rank"""

app = FastAPI(openapi_url=None)
writer = ThreadPoolExecutor(max_workers=1)
database = sqlite3.connect(sys.argv[1], check_same_thread=False, isolation_level=None)
database.execute("pragma journal_mode = wal")
database.execute("pragma synchronous = full")
database.executescript(TABLES)


def rows(told):
    messages, statuses = [], []
    for entry in told["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            for it in value.get("messages", ()):
                body = it.get("text", {}).get("body")
                messages.append((it["id"], it["from"], it["type"], body, json.dumps(it)))
            for it in value.get("statuses", ()):
                state, callback = it["status"], it.get("biz_opaque_callback_data")
                statuses.append((it["id"], callback, state, RANK[state], json.dumps(it)))
    return messages, statuses


def store(messages, statuses):
    database.execute("begin immediate")
    try:
        database.executemany(MESSAGE, messages)
        database.executemany(STATUS, statuses)
        database.execute("commit")
    except BaseException:
        database.execute("rollback")
        raise


@app.post("/webhook/whatsapp/{inbox}")
async def receive(request: Request) -> Response:
    body = await request.body()
    made = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(made, request.headers.get("x-hub-signature-256", "")):
        return Response(status_code=403)
    messages, statuses = rows(json.loads(body))
    await asyncio.get_running_loop().run_in_executor(writer, store, messages, statuses)
    return Response(status_code=200)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning", access_log=False)
