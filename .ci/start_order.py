#!/usr/bin/env python3
"""start_order.py HOST ORDER: writes into ORDER the names of the methods that a native host runs up to its first answers.

HOST is the published program with its symbols (Hermes.Host.dbg) beside it. It is started twice, on its demo home and on one that is set up as
its users do, with a breakpoint on every method; the first call of each takes its breakpoint away. Needs Linux on x64, and nm and size of
binutils."""
import ctypes, os, signal, subprocess, sys, tempfile, threading, time, urllib.request

HEADER = "# Methods that run while the host starts, made by .ci/start_order.py. A name that no longer exists is skipped."
TRACE_ME, CONTINUE, GET_REGISTERS, SET_REGISTERS, SET_OPTIONS = 0, 7, 12, 13, 0x4200
FOLLOW_THREADS, END_WITH_TRACER = 0x8, 0x100000
ALL_THREADS = 0x40000000
BREAKPOINT = 0xCC
INSTRUCTION_POINTER = 16
IDLE_SECONDS = 12

# The kinds of values and lists that configurations have.
CONFIG = """\
model:
  default: "example/model-1"
  provider: custom:example
  base_url: 'http://127.0.0.1:9/v1'
  api_key: ${EXAMPLE_KEY}
custom_providers:
- name: example
  base_url: http://127.0.0.1:9/v1
agent: {max_turns: 60, temperature: 0.7, verbose: false, limit: 0x10, note: null}
toolsets: [terminal, "web", 'files']
personalities:
  plain: |
    Be brief.
  long: >-
    Say everything
    twice.
platforms:
  api_server:
    cors_origins: [http://localhost:3000, "https://ui.example"]
"""

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def managed_code(program):
    """Where the methods lie: the section's address and size."""
    for line in subprocess.check_output(["size", "-A", program], text=True).splitlines():
        name, *numbers = line.split() or [""]
        if name == "__managedcode":
            return int(numbers[1]), int(numbers[0])
    sys.exit(f"{program} is no native host")


def methods(program, start, size):
    """The names at each address; identical methods share one."""
    names = {}
    for line in subprocess.check_output(["nm", program + ".dbg"], text=True).splitlines():
        address, kind, name = line.split(maxsplit=2) if line[:1] != " " else ("0", "U", "")
        if kind in "tT" and start <= int(address, 16) < start + size:
            names.setdefault(int(address, 16), []).append(name)
    return names


def launch(program, arguments, settings):
    """Starts the program, stopped before its first instruction."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        libc.ptrace(TRACE_ME, 0, None, None)
        os.execve(program, [program, *arguments], dict(os.environ, API_SERVER_PORT="0", **settings))
    os.close(writing)
    os.waitpid(child, 0)
    libc.ptrace(SET_OPTIONS, child, None, FOLLOW_THREADS | END_WITH_TRACER)
    return child, os.fdopen(reading)


def ask(output, child, started):
    """Plays the first clients, says when the host is at rest, then ends it."""
    base = next(line for line in output if line.startswith("Hermes serves ")).split()[-1]
    for _ in range(3):
        urllib.request.urlopen(base + "/health", timeout=60).read()
    time.sleep(IDLE_SECONDS)
    started.set()
    os.kill(child, signal.SIGTERM)


def first_calls(child, base, start, size, addresses, started):
    """Runs the host to its end; gives the addresses that were called until it had started."""
    memory = os.open(f"/proc/{child}/mem", os.O_RDWR)
    original = os.pread(memory, size, base + start)
    patched = bytearray(original)
    for address in addresses:
        patched[address - start] = BREAKPOINT
    os.pwrite(memory, bytes(patched), base + start)
    libc.ptrace(CONTINUE, child, None, None)
    called = set()
    registers = (ctypes.c_ulong * 27)()
    while True:
        try:
            thread, status = os.waitpid(-1, ALL_THREADS)
        except ChildProcessError:
            return called
        if not os.WIFSTOPPED(status):
            continue
        passed_on = os.WSTOPSIG(status)
        if passed_on == signal.SIGTRAP and status >> 16 == 0:
            libc.ptrace(GET_REGISTERS, thread, None, ctypes.byref(registers))
            address = registers[INSTRUCTION_POINTER] - 1 - base
            if address in addresses:
                if not started.is_set():
                    called.add(address)
                os.pwrite(memory, original[address - start:address - start + 1], base + address)
                registers[INSTRUCTION_POINTER] -= 1
                libc.ptrace(SET_REGISTERS, thread, None, ctypes.byref(registers))
        if passed_on in (signal.SIGTRAP, signal.SIGSTOP):
            passed_on = 0
        libc.ptrace(CONTINUE, thread, None, passed_on)


def record(program, start, size, addresses, arguments=(), **settings):
    """Starts the host once; gives the addresses that were called."""
    child, output = launch(program, arguments, settings)
    with open(f"/proc/{child}/maps") as maps:
        base = next(int(line.split("-")[0], 16) for line in maps if line.rstrip().endswith(program))
    started = threading.Event()
    threading.Thread(target=ask, args=(output, child, started), daemon=True).start()
    return first_calls(child, base, start, size, addresses, started)


def main(program, order):
    program = os.path.abspath(program)
    start, size = managed_code(program)
    names = methods(program, start, size)
    called = record(program, start, size, names.keys(), ["--demo"], API_SERVER_KEY="")
    with tempfile.TemporaryDirectory() as home:
        with open(os.path.join(home, "config.yaml"), "w", encoding="utf-8") as config:
            config.write(CONFIG)
        called |= record(program, start, size, names.keys(), HERMES_HOME=home, API_SERVER_KEY="a-key-of-the-usual-length-0123456789")
    lines = sorted({name for address in called for name in names[address]})
    with open(order, "w", encoding="utf-8") as file:
        file.write("\n".join([HEADER, *lines]) + "\n")
    print(f"{len(lines)} of {len(names)} methods")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
