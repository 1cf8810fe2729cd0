#!/usr/bin/env python3
"""smoke.py NATIVE-HOST HOST...: starts both hosts on one filled home and reads every endpoint from each. They have to give the same answers.

Prints what differs; exits with the number of failures."""
import json, os, subprocess, sys, tempfile, urllib.error, urllib.request

# What an answer has to hold beside being the same: the files of the home went through the code that is to be tried.
PATHS = {
    "/health": "ok", "/v1/health": "ok", "/v1/models": "hermes-agent", "/v1/capabilities": "session_search", "/openapi/hermes.json": "/api/sessions/{id}",
    "/api/sessions": "Known title", "/api/sessions?limit=1&offset=1": "", "/api/sessions?q=known&source=api_server": "Known title",
    "/api/sessions/{id}": "Known title", "/api/sessions/{id}/messages": "hello there", "/api/sessions/{id}/messages?order=latest&limit=1": "You said",
    "/api/sessions/search?q=hello": ">>>hello<<<", "/api/memory": "likes tea", "/api/memory?target=all": "likes tea",
    "/api/skills": "Makes tea", "/api/skills?content=0&q=tea": "brew", "/api/skills/categories": "kitchen", "/api/skills/brew": "references/cups.md",
    "/api/skills/brew?file_path=references/cups.md": "two cups", "/api/config": "acme/model-1", "/api/available-models": "acme",
    "/api/sessions/nobody": "not found", "/api/sessions?limit=x": "limit", "/v1/runs/nothing/events": "", "/nothing": "Not Found",
}
SECRET = "sk-verysecret1234567890"
FILES = {
    "config.yaml": f"model:\n  default: acme/model-1\n  api_key: {SECRET}\nskills:\n  disabled: [other]\n",
    "memories/MEMORY.md": "likes tea\n\u00a7\nlives in Oslo", "memories/USER.md": "is called Ada",
    "skills/kitchen/brew/SKILL.md": "---\nname: brew\ndescription: Makes tea\nmetadata:\n  hermes:\n    tags: [tea, hot]\n---\n# Brew\n",
    "skills/kitchen/brew/references/cups.md": "two cups", "skills/other/SKILL.md": "---\nname: other\ndescription: Is off\n---\n",
    "skills/broken/SKILL.md": "---\nname: [\n---\n",
}


def read(base, path, body=None):
    request = urllib.request.Request(base + path, body and json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def start(command, home):
    env = dict(os.environ, HERMES_HOME=home, API_SERVER_PORT="0", API_SERVER_KEY="")
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


def address(host):
    greeting = next((line for line in host.stdout if line.startswith("Hermes serves ")), None)
    if greeting is None:
        sys.exit(f"{host.args} did not start")
    return greeting.split()[-1]


def compare(native, other):
    """Yields what is wrong."""
    created, answer = read(native, "/api/sessions", {"title": "Known title"})
    session = json.loads(answer)["session"]["id"]
    status, answer = read(native, f"/api/sessions/{session}/chat", {"message": "hello there"})
    if created not in (200, 201) or status != 200:
        yield f"creating {created}, chat {status}: {answer[:200]}"
    for path, content in PATHS.items():
        path = path.replace("{id}", session)
        # The second time, what is kept of the first is served.
        for attempt in "first", "second":
            ours, theirs = read(native, path), read(other, path)
            if path == "/v1/models":
                ours, theirs = ((status, body.split('"created"')[0] + body[-90:]) for status, body in (ours, theirs))
            ours, theirs = ((status, body.replace(native, "").replace(other, "")) for status, body in (ours, theirs))
            if ours != theirs:
                yield f"GET {path}, {attempt}:\n  native {ours[0]} {ours[1][:300]}\n  other  {theirs[0]} {theirs[1][:300]}"
            elif ours[0] >= 500 or content not in ours[1] or SECRET in ours[1]:
                yield f"GET {path}, {attempt}: {ours[0]} {ours[1][:300]}"


with tempfile.TemporaryDirectory() as home:
    for path, text in FILES.items():
        os.makedirs(os.path.dirname(os.path.join(home, path)), exist_ok=True)
        with open(os.path.join(home, path), "w", encoding="utf-8") as file:
            file.write(text)
    hosts = []
    try:
        for command in sys.argv[1:2], sys.argv[2:]:
            hosts.append(start(command, home))
        problems = list(compare(*map(address, hosts)))
    finally:
        for host in hosts:
            host.terminate()
        codes = [host.wait(30) for host in hosts]
    problems += [f"a host ended with {code}" for code in codes if code]
    print("\n".join(problems))
    print(f"native code: {2 * len(PATHS)} answers, {len(problems)} failed")
    sys.exit(min(len(problems), 99))
