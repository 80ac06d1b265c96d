"""Cells that the website shows and does not run, run as a reader runs them: in a notebook, with a kernel."""

from __future__ import annotations

import copy
from base64 import b64decode

import nbformat
import pytest
import zmq
from jupyter_client.asynchronous.client import AsyncKernelClient
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.book.chapter_cells import PAGES, local, notebook

PAGE = "book/reference/make-your-own"
WIDGET = "application/vnd.jupyter.widget-view+json"
# What a reader's hand does, said in code: the controls of `interact`, then either side of the link.
HANDS = """
controls = {control.description: control for control in show.widget.children[:-1]}
controls["z"].value = 2.5
controls["y"].value = 0
slider.value = 1.5
print("figure", view.z, "and", heard.value)
view.z = -3.0
print("slider", slider.value, "and", heard.value)
"""


class Client(NotebookClient):
    """A client that looks for what has come whenever it has told the kernel what the area of a widget shows.

    Sending takes away the sign that a reply is there (jupyter_client, pull request 1059), and one that had come just
    then was found when the cell's time was over.
    """

    async def async_start_new_kernel_client(self) -> AsyncKernelClient:
        client = await super().async_start_new_kernel_client()
        shell = client.shell_channel
        send = shell.send

        def send_and_look(message: dict) -> None:
            send(message)
            shell.socket.get(zmq.EVENTS)

        shell.send = send_and_look
        return client


def run(*more: str) -> NotebookNode:
    """Run every cell of the page in a kernel, those for readers included, and then further ones."""
    book = copy.deepcopy(notebook(PAGE))
    book.cells += [nbformat.v4.new_code_cell(code) for code in more]
    return Client(book, timeout=120, skip_cells_with_tag="none", shutdown_kernel="immediate").execute()


@pytest.fixture(scope="module")
def moved() -> NotebookNode:
    return run(HANDS)


def pictures(book: NotebookNode) -> list[bytes]:
    """Return the pictures that stand in the area which `interact` draws into."""
    states = book.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    outputs = [output for state in states for output in state["state"].get("outputs", ())]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    return [b64decode(output["data"]["image/png"]) for output in outputs]


def readers_cells(book: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in book.cells if cell.cell_type == "code" and local(cell)]


def test_only_the_page_that_is_about_it_has_cells_that_the_website_does_not_run():
    assert [page for page in PAGES if readers_cells(notebook(page))] == [PAGE]


def test_every_such_cell_shows_a_widget_in_a_notebook(moved):
    assert len(readers_cells(moved)) == 3
    for cell in readers_cells(moved):
        assert any(WIDGET in output.get("data", {}) for output in cell.outputs), cell.source


def test_the_plain_way_is_ten_lines_and_draws_a_new_picture_when_its_controls_move(moved):
    plain = readers_cells(moved)[0].source
    assert "interact(" in plain
    assert len([line for line in plain.splitlines() if line.strip()]) == 10
    (after,), (before,) = pictures(moved), pictures(run())
    assert before.startswith(b"\x89PNG")
    assert after.startswith(b"\x89PNG")
    assert after != before


def test_a_figure_and_a_slider_that_are_linked_follow_each_other(moved):
    said = "".join(output.get("text", "") for output in moved.cells[-1].outputs)
    assert said.splitlines() == ["figure 1.5 and z = 1.5", "slider -3.0 and z = -3.0"]


def test_the_page_shows_the_cells_and_says_why_they_do_not_run():
    text = "\n".join(cell.source for cell in notebook(PAGE).cells if cell.cell_type == "markdown")
    assert "**not run**" in text
