"""Kernels forked from one Python that has imported what they need, which would take each of them two seconds.

Jupyter starts a kernel by a command, and holds the process it gets for the kernel. Here that is `_ask_for_one`: it
lives as long as the kernel does, and the kernel as long as it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

__all__ = ["forked_kernels", "kernel_spec"]


def kernel_spec(*command: str) -> str:
    """Write what Jupyter reads in ``kernel.json``: the kernel that a command starts.

    It says only what is an error: ipykernel warns for each notebook that its messages, which stay on this machine, are
    not encrypted.

    Examples
    --------
    >>> "ipykernel_launcher" in kernel_spec("python", "-m", "ipykernel_launcher")
    True
    """
    argv = [*command, "-f", "{connection_file}", "--log-level=ERROR"]
    return json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"})


@contextmanager
def forked_kernels(
    imported: Sequence[str], python: str = sys.executable, env: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Start a Python that imports modules once; give the ``kernel.json`` of kernels that are forked from it.

    Where a fork is not safe, which is everywhere but on Linux, these are the usual kernels.

    Parameters
    ----------
    imported
        Names of the modules. What cannot be imported is left to the cell that asks for it.
    python
        Which Python: it needs ipykernel.
    env
        The environment in which it imports; each kernel has that of whoever starts it, as always.
    """
    if sys.platform != "linux":
        yield kernel_spec(python, "-m", "ipykernel_launcher")
        return
    with ExitStack() as stack:
        address = str(Path(stack.enter_context(tempfile.TemporaryDirectory()), "kernels"))
        listening = stack.enter_context(socket.socket(socket.AF_UNIX))
        listening.bind(address)
        listening.listen()
        number = listening.fileno()
        command = [python, __file__, str(number), *imported]
        forking = stack.enter_context(
            subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[number], env=env, start_new_session=True)
        )
        stack.callback(forking.stdin.close)  # type: ignore[union-attr]  # its sign to end
        yield kernel_spec(sys.executable, "-I", "-S", __file__, address)


def _fork_kernels(number: int, imported: Sequence[str]) -> None:
    """Import modules, then fork a kernel for each that asks, until the standard input ends."""
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of this file
    os.environ["JPY_PARENT_PID"] = str(os.getpid())  # with which kernels end
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as kernels have it
    for name in ("ipykernel.kernelapp", *imported):
        with suppress(Exception):
            importlib.import_module(name)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    listening = socket.socket(fileno=number)
    while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
        link = listening.accept()[0]
        if not os.fork():
            listening.close()
            return _be_kernel(link)
        link.close()


def _be_kernel(link: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    folder, env, arguments = json.loads(link.makefile().readline())
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)

    def end_with_the_other() -> None:
        link.recv(1)
        os._exit(1)

    Thread(target=end_with_the_other, daemon=True).start()
    from ipykernel.kernelapp import launch_new_instance  # noqa: PLC0415

    launch_new_instance(argv=arguments)


def _ask_for_one(address: str, arguments: Sequence[str]) -> None:
    """Ask for a kernel and stay as long as it does, or until Jupyter has it end, which begins with an interruption."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(address)
        link.sendall(json.dumps([os.getcwd(), dict(os.environ), arguments]).encode() + b"\n")
        link.recv(1)


if __name__ == "__main__":
    _, first, *others = sys.argv
    if first.isdigit():
        _fork_kernels(int(first), others)
    else:
        _ask_for_one(first, others)
