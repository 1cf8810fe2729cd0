#!/usr/bin/env python3
"""smoke.py HOST: starts a built host on an empty home and reads every endpoint once. Prints what failed; exits with the number of failures."""
import os, subprocess, sys, tempfile, urllib.error, urllib.request

PATHS = ["/health", "/v1/health", "/v1/models", "/v1/capabilities", "/api/sessions", "/api/sessions/search?q=x", "/api/memory", "/api/skills",
         "/api/skills/categories", "/api/config", "/api/available-models", "/openapi/hermes.json", "/api/sessions/{id}", "/api/sessions/{id}/messages"]

with tempfile.TemporaryDirectory() as home:
    env = dict(os.environ, HERMES_HOME=home, API_SERVER_PORT="0", API_SERVER_KEY="")
    host = subprocess.Popen([sys.argv[1]], env=env, stdout=subprocess.PIPE, text=True)
    failed = 0
    try:
        base = next(line for line in host.stdout if line.startswith("Hermes serves ")).split()[-1]
        chat = urllib.request.Request(base + "/v1/chat/completions", b'{"messages":[{"role":"user","content":"hello"}]}')
        with urllib.request.urlopen(chat, timeout=30) as answer:
            session = answer.headers["X-Hermes-Session-Id"]
        for path in PATHS:
            try:
                urllib.request.urlopen(base + path.replace("{id}", session), timeout=30).read()
            except urllib.error.HTTPError as error:
                failed += 1
                print(f"GET {path}: {error.code} {error.read()[:200]}")
    finally:
        host.terminate()
        failed += host.wait(30) != 0
    print(f"smoke: {len(PATHS) + 2 - failed} passed, {failed} failed")
    sys.exit(failed)
